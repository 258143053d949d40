using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>An attestation mechanism: one member that matches <see cref="Type"/>. Source: dps-protocol §7.6.</summary>
public sealed record AttestationDocument : IWireDocument<AttestationDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<AttestationDocument> IWireDocument<AttestationDocument>.TypeInfo => EnrollmentJson.Default.AttestationDocument;

    /// <summary>The kind.</summary>
    public AttestationType? Type { get; init; }

    /// <summary>For TPM.</summary>
    public TpmKeys? Tpm { get; init; }

    /// <summary>For certificates.</summary>
    public X509AttestationDocument? X509 { get; init; }

    /// <summary>For shared keys.</summary>
    public SymmetricKeyAttestationDocument? SymmetricKey { get; init; }
}
