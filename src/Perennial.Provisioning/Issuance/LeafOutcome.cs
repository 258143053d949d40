using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Issuance;

/// <summary>What came of a device's wish for a leaf.</summary>
public abstract record LeafOutcome
{
    private LeafOutcome()
    {
    }

    /// <summary>The leaf is recorded: it counts, beside the one that the device has.</summary>
    public sealed record Issued(IssuedLeaf Leaf) : LeafOutcome;

    /// <summary>The same request is to be repeated.</summary>
    public sealed record Later(Refusal Refusal, TimeSpan RetryAfter) : LeafOutcome;

    public sealed record Refused(Refusal Refusal) : LeafOutcome;
}
