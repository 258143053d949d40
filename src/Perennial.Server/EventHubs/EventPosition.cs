using System.Globalization;
using System.Text.RegularExpressions;
using Perennial.Hub.Messages;

namespace Perennial.Server.EventHubs;

/// <summary>Where a reader begins, as its filter says it: after or at an offset, a sequence number or a time (hub-protocol §5.5).</summary>
internal sealed partial record EventPosition
{
    private const int MaxLength = 256;
    private const string Time = "x-opt-enqueued-time";
    private const string Latest = "@latest";

    private readonly string _name;
    private readonly long _value;
    private readonly bool _isInclusive;

    private EventPosition(string name, long value, bool isInclusive)
    {
        _name = name;
        _value = value;
        _isInclusive = isInclusive;
    }

    /// <summary>The oldest message that is still there.</summary>
    public static EventPosition Start { get; } = new(string.Empty, 0, isInclusive: true);

    private static EventPosition End { get; } = new(Latest, 0, isInclusive: false);

    /// <summary>Reads a filter, for instance <c>amqp.annotation.x-opt-offset > '-1'</c>.</summary>
    public static bool TryParse(string? filter, [NotNullWhen(true)] out EventPosition? position)
    {
        position = null;
        var match = filter is { Length: <= MaxLength } ? Filter().Match(filter) : Match.Empty;
        if (!match.Success)
        {
            return false;
        }

        var value = match.Groups["value"].Value;
        position = value == Latest ? End
            : long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? new EventPosition(match.Groups["name"].Value, number, match.Groups["operator"].Value == ">=")
            : null;
        return position is not null;
    }

    /// <summary>The sequence of the first message to read; offsets are sequences here.</summary>
    public async Task<long> FirstAsync(ITelemetryFeed feed, CancellationToken cancellationToken)
    {
        if (_name == Latest)
        {
            return (await feed.RangeAsync(cancellationToken)).Last + 1;
        }

        // Readers see times in whole milliseconds.
        var first = _isInclusive || _value == long.MaxValue ? _value : _value + 1;
        return _name == Time ? await feed.FindAsync(Instant(first), cancellationToken) : Math.Max(1, first);
    }

    private static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(
        Math.Clamp(milliseconds, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    [GeneratedRegex(
        @"^\s*amqp\.annotation\.(?<name>x-opt-offset|x-opt-sequence-number|x-opt-enqueued-time)\s*(?<operator>>=?)\s*'(?<value>[^']{1,32})'\s*$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Filter();
}
