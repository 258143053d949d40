using System.Text.Json.Serialization;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>Whether a device is connected; capitalised on the wire. Source: hub-protocol §4.2.</summary>
[JsonConverter(typeof(ExactEnumConverter<ConnectionState>))]
public enum ConnectionState
{
    /// <summary>It is not.</summary>
    Disconnected,

    /// <summary>It is.</summary>
    Connected,
}
