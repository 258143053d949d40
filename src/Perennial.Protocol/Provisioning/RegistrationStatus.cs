using System.Text.Json.Serialization;

namespace Perennial.Protocol.Provisioning;

/// <summary>How far a registration is. Source: dps-protocol §0.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RegistrationStatus>))]
public enum RegistrationStatus
{
    /// <summary>Not yet registered; only on the service side, never sent to a device (dps-protocol §1.7).</summary>
    Unassigned,

    /// <summary>Under way.</summary>
    Assigning,

    /// <summary>Done: the device has a hub.</summary>
    Assigned,

    /// <summary>Ended without a hub.</summary>
    Failed,

    /// <summary>The enrollment is disabled.</summary>
    Disabled,
}
