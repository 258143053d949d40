namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>The certificates of an enrollment: exactly one of the three members. Source: dps-protocol §7.6.</summary>
public sealed record X509AttestationDocument
{
    /// <summary>The leaves of an individual enrollment.</summary>
    public X509SlotsDocument? ClientCertificates { get; init; }

    /// <summary>The signing certificates of a group.</summary>
    public X509SlotsDocument? SigningCertificates { get; init; }

    /// <summary>The names of certificates stored with the service.</summary>
    public CaReferencesDocument? CaReferences { get; init; }
}
