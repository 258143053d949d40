using System.Text.Json.Serialization;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>Whether a device may connect. Source: hub-protocol §4.2.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<DeviceStatus>))]
public enum DeviceStatus
{
    /// <summary>It may.</summary>
    Enabled,

    /// <summary>It may not.</summary>
    Disabled,
}
