using System.Text;
using System.Text.Json;

namespace Perennial.Testing;

/// <summary>One message that a device sent to a hub, stored.</summary>
public sealed record DeviceTelemetry
{
    /// <summary>The place in the hub's feed; ascending, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>The device that sent it.</summary>
    public required string DeviceId { get; init; }

    /// <summary>When the hub stored it, by the service's clock.</summary>
    public required DateTimeOffset Enqueued { get; init; }

    /// <summary>What the application sent along.</summary>
    public required IReadOnlyDictionary<string, string?> Properties { get; init; }

    /// <summary>System properties by canonical name, for instance <c>message-id</c>, with those that the hub stamped.</summary>
    public required IReadOnlyDictionary<string, string?> SystemProperties { get; init; }

    /// <summary>The body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The body as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    internal static DeviceTelemetry From(JsonElement json) => new()
    {
        Sequence = json.GetProperty("sequence").GetInt64(),
        DeviceId = json.GetProperty("deviceId").GetString()!,
        Enqueued = json.GetProperty("enqueuedTime").GetDateTimeOffset(),
        Properties = Texts(json.GetProperty("properties").GetProperty("application")),
        SystemProperties = Texts(json.GetProperty("properties").GetProperty("system")),
        Body = json.GetProperty("body").GetBytesFromBase64(),
    };

    private static Dictionary<string, string?> Texts(JsonElement json) =>
        json.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetString(), StringComparer.Ordinal);
}
