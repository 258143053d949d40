using System.Text.Json.Serialization;

namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>How devices of an enrollment prove themselves. Source: dps-protocol §7.6.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AttestationType>))]
public enum AttestationType
{
    /// <summary>Not at all; not accepted on an enrollment.</summary>
    None,

    /// <summary>By a TPM.</summary>
    Tpm,

    /// <summary>By a certificate.</summary>
    X509,

    /// <summary>By a shared key.</summary>
    SymmetricKey,
}
