using System.Globalization;

namespace Perennial.Server.Portal.Layout;

/// <summary>How far away a moment is, in words.</summary>
public static class TimeWords
{
    private static readonly (double Days, string One, string Many)[] Units =
    [
        (365.2425, "year", "years"), (30.436875, "month", "months"), (1, "day", "days"), (1.0 / 24, "hour", "hours"), (1.0 / 1440, "minute", "minutes"),
    ];

    /// <summary>For instance <c>in 3 months</c>, <c>2 days ago</c>, <c>now</c>.</summary>
    public static string Between(DateTimeOffset now, DateTimeOffset then)
    {
        var span = (then - now).Duration();
        var words = Of(span);
        return words is null ? "now" : then > now ? $"in {words}" : $"{words} ago";
    }

    /// <summary>A span in its largest unit of which there are two, or the smallest; null below a minute.</summary>
    public static string? Of(TimeSpan span)
    {
        foreach (var (days, one, many) in Units)
        {
            var count = (long)Math.Floor((span.TotalDays / days) + 1e-9);
            if (count >= 2 || (count == 1 && days <= 1))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
            }
        }

        return null;
    }
}
