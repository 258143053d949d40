namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>The names of certificates stored with the service. Source: dps-protocol §7.6.</summary>
public sealed record CaReferencesDocument
{
    /// <summary>The name in the primary slot.</summary>
    public string? Primary { get; init; }

    /// <summary>The name in the secondary slot.</summary>
    public string? Secondary { get; init; }
}
