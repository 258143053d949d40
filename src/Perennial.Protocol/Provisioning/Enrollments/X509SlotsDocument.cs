namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>The two slots of certificates; a slot missing or null is empty. Source: dps-protocol §7.6.</summary>
public sealed record X509SlotsDocument
{
    /// <summary>The primary slot.</summary>
    public X509SlotDocument? Primary { get; init; }

    /// <summary>The secondary slot.</summary>
    public X509SlotDocument? Secondary { get; init; }
}
