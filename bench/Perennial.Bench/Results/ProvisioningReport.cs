using System.Globalization;
using System.Text;

namespace Perennial.Bench.Results;

/// <summary>The figures as Markdown tables, for the terminal and for <c>docs/performance.md</c>.</summary>
internal sealed record ProvisioningReport(ProvisioningPlan Plan, IReadOnlyList<CpuRow> Cpu, IReadOnlyList<TimeRow> Times)
{
    public string Tables()
    {
        var text = new StringBuilder();
        text.AppendLine("| certificate | exchange | µs of server CPU: median (min–max) | ratio to bare: median (min–max) |");
        text.AppendLine("| --- | --- | --- | --- |");
        foreach (var row in Cpu)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row.Certificate} | {row.Exchange} | {row.Microseconds.Median:0} ({row.Microseconds.Least:0}–{row.Microseconds.Most:0}) | {row.Ratio.Median:0.00} ({row.Ratio.Least:0.00}–{row.Ratio.Most:0.00}) |");
        }

        text.AppendLine().AppendLine("| certificate | exchange | ms from connect to assigned, at the client: median | 19 of 20 below |");
        text.AppendLine("| --- | --- | --- | --- |");
        foreach (var row in Times)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row.Certificate} | {row.Exchange} | {row.Milliseconds.Median:0.0} | {row.Milliseconds.NineteenOfTwenty:0.0} |");
        }

        return text.ToString();
    }

    public string Section(string machine, DateTimeOffset at)
    {
        var text = new StringBuilder();
        foreach (var row in Cpu.Where(row => row.Exchange.StartsWith("provisioning", StringComparison.Ordinal)))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {row.Exchange}: {row.Ratio.Median:0.00} ({row.Certificate})");
        }

        text.AppendLine().Append(Tables()).AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Median of {Plan.Rounds} interleaved rounds of {Plan.Exchanges} exchanges, {Plan.Together} at a time, after {Plan.WarmUps} rounds to warm up; times over {Plan.Timed} exchanges one after the other.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Taken {at:yyyy-MM-dd} on {machine}.");
        return text.ToString();
    }
}
