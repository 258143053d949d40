using Perennial.X509;

namespace Perennial.Provisioning.Enrollments;

/// <summary>What a caller wants in one slot.</summary>
public abstract record SlotDraft
{
    private SlotDraft()
    {
    }

    /// <summary>The slot is to be empty.</summary>
    public sealed record Empty : SlotDraft;

    /// <summary>This certificate.</summary>
    public sealed record Place(Certificate Certificate) : SlotDraft;

    /// <summary>The stored certificate with this thumbprint, whichever slot it stands in now (dps-protocol §7.6, read-modify-write).</summary>
    public sealed record Keep(Thumbprint Thumbprint) : SlotDraft;
}
