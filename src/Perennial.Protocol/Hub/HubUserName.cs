using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Perennial.Protocol.Hub;

/// <summary>The MQTT user name of a hub client: <c>{host}/{device}[/{module}]/?api-version=…[&amp;key=value…]</c>.</summary>
/// <remarks>
/// The query may come without its question mark, or be missing with or without the last slash. Ids are never percent-decoded.
/// Source: hub-protocol §1.1.
/// </remarks>
public sealed record HubUserName
{
    /// <summary>The longest user name that is read.</summary>
    public const int MaxLength = 2048;

    private const string OldQuery = "/api-version=";

    private HubUserName(string hostName, DeviceId deviceId, string? moduleId)
    {
        HostName = hostName;
        DeviceId = deviceId;
        ModuleId = moduleId;
    }

    /// <summary>The host name without a port; compared without case.</summary>
    public string HostName { get; }

    /// <summary>The port, when the client gave one.</summary>
    public int? Port { get; private init; }

    /// <summary>The device.</summary>
    public DeviceId DeviceId { get; }

    /// <summary>The module of the device, or null.</summary>
    public string? ModuleId { get; }

    /// <summary>The version of the protocol, or null; any is taken.</summary>
    public string? ApiVersion { get; private init; }

    /// <summary>The client's description of itself, or null.</summary>
    public string? DeviceClientType { get; private init; }

    /// <summary>The Plug and Play model, or null.</summary>
    public string? ModelId { get; private init; }

    /// <summary>The client id that goes with this user name: <c>{device}</c> or <c>{device}/{module}</c>.</summary>
    public string ClientId => ModuleId is null ? DeviceId.Value : $"{DeviceId}/{ModuleId}";

    /// <summary>Reads a user name.</summary>
    /// <param name="text">The user name as received.</param>
    /// <param name="userName">The parts, when it could be read.</param>
    /// <returns>Whether it could be read.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out HubUserName? userName)
    {
        userName = null;
        var slash = text is { Length: <= MaxLength } ? text.IndexOf('/', StringComparison.Ordinal) : -1;
        if (slash <= 0 || !TryReadHost(text.AsSpan(0, slash), out var host, out var port))
        {
            return false;
        }

        var (ids, query) = SplitQuery(text![(slash + 1)..]);
        var parts = ids.Split('/', 3);
        if (parts.Length > 2 || !DeviceId.TryParse(parts[0], out var deviceId) || (parts.Length == 2 && !DeviceId.TryParse(parts[1], out _)))
        {
            return false;
        }

        var values = new WireQuery(query);
        userName = new HubUserName(host, deviceId, parts.Length == 2 ? parts[1] : null)
        {
            Port = port,
            ApiVersion = values.Find(Protocol.ApiVersion.Parameter),
            DeviceClientType = values.Find("DeviceClientType"),
            ModelId = values.Find("model-id") ?? values.Find("digital-twin-model-id"),
        };
        return true;
    }

    /// <summary>Writes the user name of a device as our own clients send it.</summary>
    /// <param name="hostName">The host name.</param>
    /// <param name="deviceId">The device.</param>
    /// <param name="deviceClientType">The client's description of itself, not encoded.</param>
    /// <returns>The user name.</returns>
    public static string Format(string hostName, DeviceId deviceId, string deviceClientType) =>
        $"{hostName}/{deviceId}/?api-version={Protocol.ApiVersion.Hub}&DeviceClientType={Uri.EscapeDataString(deviceClientType)}";

    private static (string Ids, string Query) SplitQuery(string rest)
    {
        // A device id may itself hold question marks, but no slash, so the first "/?" ends the ids.
        var question = rest.IndexOf("/?", StringComparison.Ordinal);
        if (question >= 0)
        {
            return (rest[..question], rest[(question + 2)..]);
        }

        var old = rest.IndexOf(OldQuery, StringComparison.Ordinal);
        if (old >= 0)
        {
            return (rest[..old], rest[(old + 1)..]);
        }

        return (rest.EndsWith('/') ? rest[..^1] : rest, string.Empty);
    }

    private static bool TryReadHost(ReadOnlySpan<char> text, out string host, out int? port)
    {
        var colon = text.LastIndexOf(':');
        host = (colon < 0 ? text : text[..colon]).ToString();
        port = null;
        if (colon < 0)
        {
            return true;
        }

        var valid = ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        port = number;
        return valid && host.Length > 0;
    }
}
