using System.Collections.Frozen;

namespace Perennial.Protocol.Hub;

/// <summary>The system properties of a message: one canonical name, and the names MQTT and HTTPS write for it.</summary>
/// <remarks>Source: hub-protocol §1.4, §2.1.</remarks>
public sealed class SystemProperty
{
    /// <summary><c>message-id</c>.</summary>
    public static readonly SystemProperty MessageId = new("message-id", "$.mid", "iothub-messageid");

    /// <summary><c>correlation-id</c>.</summary>
    public static readonly SystemProperty CorrelationId = new("correlation-id", "$.cid", "iothub-correlationid");

    /// <summary><c>user-id</c>.</summary>
    public static readonly SystemProperty UserId = new("user-id", "$.uid", "iothub-userid");

    /// <summary><c>to</c>.</summary>
    public static readonly SystemProperty To = new("to", "$.to", "iothub-to");

    /// <summary><c>absolute-expiry-time</c>, in the format of <see cref="WireTime"/>.</summary>
    public static readonly SystemProperty Expiry = new("absolute-expiry-time", "$.exp", "iothub-expiry");

    /// <summary><c>creation-time</c>, in the format of <see cref="WireTime"/>.</summary>
    public static readonly SystemProperty CreationTime = new("creation-time", "$.ctime", null);

    /// <summary><c>content-type</c>.</summary>
    public static readonly SystemProperty ContentType = new("content-type", "$.ct", "iothub-contenttype");

    /// <summary><c>content-encoding</c>.</summary>
    public static readonly SystemProperty ContentEncoding = new("content-encoding", "$.ce", "iothub-contentencoding");

    /// <summary><c>output-name</c>, of modules.</summary>
    public static readonly SystemProperty OutputName = new("output-name", "$.on", null);

    /// <summary><c>interface-id</c>.</summary>
    public static readonly SystemProperty InterfaceId = new("interface-id", "$.ifid", "iothub-interface-id");

    /// <summary><c>dt-subject</c>, the Plug and Play component.</summary>
    public static readonly SystemProperty Subject = new("dt-subject", "$.sub", "dt-subject");

    /// <summary><c>message-schema</c>.</summary>
    public static readonly SystemProperty Schema = new("message-schema", "$.schema", null);

    /// <summary><c>connection-device-id</c>, of edge messages; a device's claim, not proof.</summary>
    public static readonly SystemProperty ConnectionDeviceId = new("connection-device-id", "$.cdid", null);

    /// <summary><c>connection-module-id</c>, of edge messages; a device's claim, not proof.</summary>
    public static readonly SystemProperty ConnectionModuleId = new("connection-module-id", "$.cmid", null);

    /// <summary><c>diagnostics-id</c>.</summary>
    public static readonly SystemProperty DiagnosticsId = new("diagnostics-id", "$.diagid", null);

    /// <summary><c>diagnostics-context</c>.</summary>
    public static readonly SystemProperty DiagnosticsContext = new("diagnostics-context", "$.diagctx", null);

    /// <summary><c>iothub-ack</c>: none, positive, negative or full.</summary>
    public static readonly SystemProperty Ack = new("iothub-ack", "iothub-ack", "iothub-ack");

    /// <summary><c>iothub-operation</c>.</summary>
    public static readonly SystemProperty Operation = new("iothub-operation", "iothub-operation", null);

    /// <summary><c>iothub-creation-time-utc</c>.</summary>
    public static readonly SystemProperty AppCreationTime = new("iothub-creation-time-utc", "iothub-creation-time-utc", null);

    /// <summary>Every system property, in the order in which a property bag is written.</summary>
    public static readonly IReadOnlyList<SystemProperty> All =
    [
        MessageId, To, CorrelationId, UserId, Expiry, CreationTime, ContentType, ContentEncoding, OutputName, InterfaceId, Subject,
        Schema, ConnectionDeviceId, ConnectionModuleId, DiagnosticsId, DiagnosticsContext, Ack, Operation, AppCreationTime,
    ];

    private static readonly FrozenDictionary<string, SystemProperty> ByName = All.ToFrozenDictionary(p => p.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, SystemProperty> ByBagKey = All.ToFrozenDictionary(p => p.BagKey, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, SystemProperty> ByHeader =
        All.Where(p => p.Header is not null).ToFrozenDictionary(p => p.Header!, StringComparer.OrdinalIgnoreCase);

    private SystemProperty(string name, string bagKey, string? header)
    {
        Name = name;
        BagKey = bagKey;
        Header = header;
    }

    /// <summary>The canonical name.</summary>
    public string Name { get; }

    /// <summary>The key in an MQTT property bag, decoded.</summary>
    public string BagKey { get; }

    /// <summary>The HTTP header, in lower case, or null when HTTPS has none.</summary>
    public string? Header { get; }

    /// <summary>Finds a property by its canonical name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The property, or null.</returns>
    public static SystemProperty? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Finds a property by its key in a property bag.</summary>
    /// <param name="key">The decoded key.</param>
    /// <returns>The property, or null for an application property.</returns>
    public static SystemProperty? FindByBagKey(string key) => ByBagKey.GetValueOrDefault(key);

    /// <summary>Finds a property by its HTTP header.</summary>
    /// <param name="header">The header name in any case.</param>
    /// <returns>The property, or null.</returns>
    public static SystemProperty? FindByHeader(string header) => ByHeader.GetValueOrDefault(header);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
