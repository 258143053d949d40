using System.CommandLine;
using System.Globalization;

namespace Perennial.Server.Commands;

/// <summary>Options that take a length of time as people write it: 12h, 90d, 2y.</summary>
internal static class LifetimeOption
{
    private const int DaysOfYear = 365;

    public static Option<TimeSpan> Create(string name, string description, string otherwise) => new(name)
    {
        Description = $"{description} A number and h, d or y. Default {otherwise}.",
        HelpName = "TIME",
        DefaultValueFactory = _ => TryParse(otherwise, out var time) ? time : throw new ArgumentException(otherwise, nameof(otherwise)),
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (TryParse(text, out var time))
            {
                return time;
            }

            result.AddError(Fault(name, text));
            return default;
        },
    };

    /// <summary>An option without which what is stored stays, or a default that the description tells.</summary>
    public static Option<TimeSpan?> CreateOptional(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (TryParse(text, out var time))
            {
                return time;
            }

            result.AddError(Fault(name, text));
            return null;
        },
    };

    public static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 100_000)
        {
            return false;
        }

        time = text[^1] switch
        {
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            'y' => TimeSpan.FromDays((long)number * DaysOfYear),
            _ => TimeSpan.MinValue,
        };
        return time >= TimeSpan.Zero;
    }

    private static string Fault(string name, string text) => $"{name} takes a number and h, d or y, for instance 90d, not '{text}'.";
}
