using System.Globalization;
using System.Text;

namespace Perennial.Bench.Fleets;

/// <summary>Outcomes as a table.</summary>
internal static class FleetTable
{
    public static string Of(IReadOnlyList<FleetOutcome> outcomes, double bareHandshakesPerSecond)
    {
        var text = new StringBuilder();
        text.AppendLine("| roll | messages | lost | without a valid credential | gap: median, 99 of 100, longest | devices a second | ratio to bare handshakes |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var outcome in outcomes)
        {
            var rate = outcome.DevicesPerSecond;
            text.AppendLine(CultureInfo.InvariantCulture, $"| {outcome.Scenario} | {outcome.Sent:N0} | {outcome.Lost} | {outcome.WithoutCredential} of {outcome.Probes:N0} probes | {Gaps(outcome)} | {(rate > 0 ? rate.ToString("0.0", CultureInfo.InvariantCulture) : "")} | {(rate > 0 ? (rate / bareHandshakesPerSecond).ToString("0.00", CultureInfo.InvariantCulture) : "")} |");
        }

        return text.ToString();
    }

    /// <summary>One outcome in one line, and what went wrong.</summary>
    public static string Line(FleetOutcome outcome) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {outcome.Scenario}, {outcome.Scenario.Devices} devices: {outcome.Roll.State} in {outcome.Took.TotalSeconds:0.0} s; {outcome.Sent} messages, {outcome.Lost} lost, {outcome.Duplicated} twice; {outcome.Probes} probes, {outcome.WithoutCredential} without; gaps {Gaps(outcome)}; kills: {string.Join(' ', outcome.Kills)}{Outages(outcome)}; refusals: {string.Join(", ", outcome.Refusals.Select(refusal => $"{refusal.Key} {refusal.Value}"))} {outcome.Roll.HaltReason}
        {string.Join('\n', outcome.Faults())}
        """).Trim();

    private static string Gaps(FleetOutcome outcome) => string.Create(
        CultureInfo.InvariantCulture,
        $"{outcome.Gaps[outcome.Gaps.Count / 2].TotalMilliseconds:0} ms, {outcome.GapOf99.TotalMilliseconds:0} ms, {outcome.Gaps[^1].TotalMilliseconds:0} ms");

    private static string Outages(FleetOutcome outcome) => outcome.Kills.Count == 0 ? string.Empty : string.Create(
        CultureInfo.InvariantCulture,
        $" (away for up to {outcome.LongestOutage.TotalSeconds:0.0} s, devices for up to {outcome.GapsOfOutages[^1].TotalSeconds:0.0} s)");
}
