using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;
using Perennial.X509;

namespace Perennial.Rolling.Retirement;

/// <summary>What became of a wish to retire a certificate.</summary>
public abstract record RetirementOutcome
{
    private RetirementOutcome()
    {
    }

    public sealed record Retired(Enrollment Enrollment) : RetirementOutcome;

    /// <summary>Some devices would lose their only proven credential; nothing was changed.</summary>
    /// <param name="Proof">Which devices.</param>
    /// <param name="Kept">The certificate that they have not proven.</param>
    public sealed record NotProven(ProofOfUse Proof, Thumbprint Kept) : RetirementOutcome;

    /// <summary>The slot is empty, or the other one is.</summary>
    public sealed record NothingToRetire(string Sentence) : RetirementOutcome;

    public sealed record NotFound : RetirementOutcome;

    /// <summary>The enrollment was changed meanwhile; look again.</summary>
    public sealed record Changed : RetirementOutcome;
}
