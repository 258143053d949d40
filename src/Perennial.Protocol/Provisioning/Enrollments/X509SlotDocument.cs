namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>One certificate. Clients write <see cref="Certificate"/>, and give back <see cref="Info"/> alone to keep what is stored.</summary>
/// <remarks>Source: dps-protocol §7.6.</remarks>
public sealed record X509SlotDocument
{
    /// <summary>PEM or base64 DER; read with <see cref="CertificateText"/>.</summary>
    public string? Certificate { get; init; }

    /// <summary>What the stored certificate says.</summary>
    public X509CertificateInfo? Info { get; init; }
}
