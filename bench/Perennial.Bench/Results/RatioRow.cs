using System.Globalization;
using System.Text;

namespace Perennial.Bench.Results;

/// <summary>Server CPU of one contender: microseconds an exchange, and as a ratio to the first contender in the same round.</summary>
internal sealed record RatioRow(string Name, Figures Microseconds, Figures Ratio)
{
    public static string Table(string heading, IReadOnlyList<RatioRow> rows)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| {heading} | µs of server CPU: median (min–max) | ratio: median (min–max) |");
        text.AppendLine("| --- | --- | --- |");
        foreach (var row in rows)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.Microseconds.Median:0.0} ({row.Microseconds.Least:0.0}–{row.Microseconds.Most:0.0}) | {row.Ratio.Median:0.00} ({row.Ratio.Least:0.00}–{row.Ratio.Most:0.00}) |");
        }

        return text.ToString();
    }
}
