using System.Globalization;
using System.Text.Json.Serialization;

namespace Perennial.Server.Limits;

/// <summary>How often something may happen: so many times in a span, and so many at once. Written <c>100/min</c>, <c>5/10s</c>, <c>100/s burst 20</c>.</summary>
[JsonConverter(typeof(RateLimitConverter))]
internal sealed record RateLimit
{
    private const int MostCount = 1_000_000;

    private RateLimit(int count, TimeSpan per, int burst)
    {
        Count = count;
        Per = per;
        Burst = burst;
    }

    public int Count { get; }

    public TimeSpan Per { get; }

    /// <summary>How many may come at once after a quiet time; <see cref="Count"/> unless it is given.</summary>
    public int Burst { get; }

    public static RateLimit Of(int count, TimeSpan per, int? burst = null) => new(count, per, burst ?? count);

    public static bool TryParse(string? text, [NotNullWhen(true)] out RateLimit? limit)
    {
        limit = null;
        var words = (text ?? string.Empty).Split(' ');
        var burst = 0;
        if (words.Length is not (1 or 3) || (words.Length == 3 && (words[1] != "burst" || !TryCount(words[2], out burst))))
        {
            return false;
        }

        if (words[0].Split('/') is [var times, var span] && TryCount(times, out var count) && TryPer(span, out var per))
        {
            limit = new RateLimit(count, per, words.Length == 3 ? burst : count);
        }

        return limit is not null;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Count}/{Span()}{(Burst == Count ? string.Empty : $" burst {Burst.ToString(CultureInfo.InvariantCulture)}")}");

    private string Span()
    {
        var (unit, name) = Per.Ticks % TimeSpan.TicksPerHour == 0 ? (TimeSpan.TicksPerHour, "h")
            : Per.Ticks % TimeSpan.TicksPerMinute == 0 ? (TimeSpan.TicksPerMinute, "min")
            : (TimeSpan.TicksPerSecond, "s");
        return Per.Ticks == unit ? name : string.Create(CultureInfo.InvariantCulture, $"{Per.Ticks / unit}{name}");
    }

    private static bool TryCount(ReadOnlySpan<char> text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= MostCount;

    private static bool TryPer(string text, out TimeSpan per)
    {
        var unit = text.TrimStart("0123456789").ToString();
        var digits = text[..^unit.Length];
        var times = 1;
        per = unit switch
        {
            "s" => TimeSpan.FromSeconds(1),
            "min" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => TimeSpan.Zero,
        };
        var isRead = per > TimeSpan.Zero && (digits.Length == 0 || (digits.Length <= 4 && TryCount(digits, out times)));
        per *= times;
        return isRead;
    }
}
