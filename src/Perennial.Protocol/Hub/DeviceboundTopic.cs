using System.Globalization;

namespace Perennial.Protocol.Hub;

/// <summary>The topics the hub publishes to. Clients cut them by position, so nothing is ever added to them.</summary>
/// <remarks>Source: hub-protocol §1.3 to §1.6, §10.1.</remarks>
public static class DeviceboundTopic
{
    /// <summary>The answer to a twin request. Its body is empty, not <c>null</c>, for status 204.</summary>
    /// <param name="status">The HTTP-like status.</param>
    /// <param name="requestId">The request id exactly as the client wrote it.</param>
    /// <param name="version">The new reported version, for an accepted change; otherwise null.</param>
    /// <returns>The topic.</returns>
    public static string TwinResponse(int status, string requestId, long? version = null) => version is { } number
        ? string.Create(CultureInfo.InvariantCulture, $"$iothub/twin/res/{status}/?$rid={requestId}&$version={number}")
        : string.Create(CultureInfo.InvariantCulture, $"$iothub/twin/res/{status}/?$rid={requestId}");

    /// <summary>The notification of changed desired properties.</summary>
    /// <param name="version">The new desired version, which the body repeats as <c>$version</c>.</param>
    /// <returns>The topic.</returns>
    public static string Desired(long version) =>
        string.Create(CultureInfo.InvariantCulture, $"$iothub/twin/PATCH/properties/desired/?$version={version}");

    /// <summary>A direct method. Some clients do not decode the name, so it must need no encoding.</summary>
    /// <param name="method">The name of the method: letters, digits and <c>- . _ * : $</c>.</param>
    /// <param name="requestId">A short request id of hexadecimal digits and dashes.</param>
    /// <returns>The topic.</returns>
    public static string Method(string method, string requestId) => $"$iothub/methods/POST/{method}/?$rid={requestId}";

    /// <summary>A message to a device or a module. <c>$.to</c> is always written: a client fails on an empty bag.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="properties">What goes along; nulls are written as empty values.</param>
    /// <param name="moduleId">The module of the device, or null.</param>
    /// <returns>The topic.</returns>
    public static string Message(DeviceId deviceId, MessageProperties properties, string? moduleId = null)
    {
        var address = moduleId is null ? $"devices/{deviceId}/messages/devicebound" : $"devices/{deviceId}/modules/{moduleId}/messages/devicebound";
        var complete = new MessageProperties(
            WithoutNulls(properties.With(SystemProperty.To, $"/{address}").System), WithoutNulls(properties.Application));
        return $"{address}/{PropertyBag.Format(complete)}";
    }

    private static Dictionary<string, string?> WithoutNulls(IReadOnlyDictionary<string, string?> properties) =>
        properties.ToDictionary(p => p.Key, p => (string?)(p.Value ?? string.Empty), StringComparer.Ordinal);
}
