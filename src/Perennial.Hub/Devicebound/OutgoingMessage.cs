using System.Collections.ObjectModel;
using Perennial.Hub.Devices;

namespace Perennial.Hub.Devicebound;

/// <summary>A message as a back end sends it.</summary>
public sealed record OutgoingMessage
{
    public required DeviceId Device { get; init; }

    /// <summary>Made when it is null.</summary>
    public string? MessageId { get; init; }

    /// <summary>When its life ends; null for the hub's usual life.</summary>
    public DateTimeOffset? Expires { get; init; }

    public RequestedFeedback Feedback { get; init; }

    /// <summary>By canonical name, without message id and expiry.</summary>
    public IReadOnlyDictionary<string, string?> SystemProperties { get; init; } = ReadOnlyDictionary<string, string?>.Empty;

    public IReadOnlyDictionary<string, string?> Properties { get; init; } = ReadOnlyDictionary<string, string?>.Empty;

    public required ReadOnlyMemory<byte> Body { get; init; }
}
