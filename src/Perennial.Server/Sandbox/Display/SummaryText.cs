using System.Globalization;

namespace Perennial.Server.Sandbox.Display;

/// <summary>The summary as the operator reads it.</summary>
internal static class SummaryText
{
    public static string Of(SandboxSummary summary)
    {
        var text = new StringBuilder();
        var gaps = summary.LongestGaps;
        Add("devices", summary.Devices);
        Add("registrations", summary.Registrations);
        Add("messages sent", summary.Sent);
        Add("  received", summary.Received);
        Add("  lost", summary.Lost);
        Add("  duplicated", summary.Duplicated);
        Line("longest gap", $"max {gaps[^1].TotalMilliseconds:0} ms, median of the devices {gaps[gaps.Count / 2].TotalMilliseconds:0} ms");
        Add("refusals", summary.Refusals.Sum(refusal => refusal.Value));
        foreach (var (reason, count) in summary.Refusals)
        {
            Line(string.Empty, $"{count,6}  {reason}");
        }

        foreach (var fault in summary.Faults())
        {
            Line("WRONG", $"{fault}");
        }

        return text.ToString().TrimEnd();

        void Add(string name, long value) => Line(name, $"{value,6}");

        void Line(string name, FormattableString value) =>
            text.Append(CultureInfo.InvariantCulture, $"  {name,-15} ").AppendLine(value.ToString(CultureInfo.InvariantCulture));
    }
}
