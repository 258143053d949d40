using System.Collections.ObjectModel;
using System.Text;
using Perennial.Hub.Devices;

namespace Perennial.Hub.Devicebound;

/// <summary>A message from a back end to a device.</summary>
public sealed record DeviceboundMessage
{
    /// <summary>The greatest size: body, system property values, application property names and values (hub-protocol §5.3).</summary>
    public const int MaxSize = 64 * 1024;

    public required DeviceId Device { get; init; }

    /// <summary>The generation of the device identity that it is for.</summary>
    public required string Generation { get; init; }

    public required string MessageId { get; init; }

    public RequestedFeedback Feedback { get; init; }

    /// <summary>By canonical name, for instance <c>correlation-id</c>.</summary>
    public IReadOnlyDictionary<string, string?> SystemProperties { get; init; } = ReadOnlyDictionary<string, string?>.Empty;

    /// <summary>The application's own; a value may be null.</summary>
    public IReadOnlyDictionary<string, string?> Properties { get; init; } = ReadOnlyDictionary<string, string?>.Empty;

    /// <summary>Any bytes; the hub does not look inside.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public required DateTimeOffset Enqueued { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public int Size => Body.Length
        + SystemProperties.Sum(property => Length(property.Value))
        + Properties.Sum(property => Length(property.Key) + Length(property.Value));

    private static int Length(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
