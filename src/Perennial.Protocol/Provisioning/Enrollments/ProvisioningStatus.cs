using System.Text.Json.Serialization;

namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>Whether an enrollment takes devices. Source: dps-protocol §7.6.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ProvisioningStatus>))]
public enum ProvisioningStatus
{
    /// <summary>It does; the default.</summary>
    Enabled,

    /// <summary>It refuses.</summary>
    Disabled,
}
