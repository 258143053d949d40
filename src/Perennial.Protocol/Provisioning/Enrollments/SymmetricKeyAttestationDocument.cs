namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>The two shared keys, base64. Left out on reading, kept when left out on writing. Source: dps-protocol §4.2, §7.6.</summary>
public sealed class SymmetricKeyAttestationDocument
{
    /// <summary>The primary key.</summary>
    public string? PrimaryKey { get; init; }

    /// <summary>The secondary key.</summary>
    public string? SecondaryKey { get; init; }
}
