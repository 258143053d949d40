using System.Text.Json.Serialization;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>How a device proves itself to the hub. Source: hub-protocol §4.2.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<AuthenticationType>))]
public enum AuthenticationType
{
    /// <summary>By a token signed with its key.</summary>
    Sas,

    /// <summary>By a certificate whose thumbprint is in one of its slots.</summary>
    SelfSigned,

    /// <summary>By a certificate below a trusted authority.</summary>
    CertificateAuthority,

    /// <summary>Not at all; refused on devices.</summary>
    None,
}
