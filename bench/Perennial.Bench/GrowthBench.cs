using System.Globalization;
using System.Text;
using Perennial.Bench.Results;
using Perennial.Bench.Servers;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench;

/// <summary>What a fleet of a million costs: the start, a provisioning as a ratio to a small fleet's, and a page of each list.</summary>
internal static class GrowthBench
{
    private static readonly RoundPlan Plan = new(WarmUps: 6, Rounds: 9, Exchanges: 400);

    public static async Task<int> RunAsync(bool isQuick)
    {
        var (plan, large, small) = isQuick ? (new RoundPlan(WarmUps: 1, Rounds: 2, Exchanges: 64), 50_000, 1_000) : (Plan, 1_000_000, 10_000);
        var folder = Directory.CreateTempSubdirectory("perennial-bench-");
        try
        {
            using var issuer = new FleetIssuer(TimeProvider.System);
            var (few, many) = (Path.Combine(folder.FullName, "few"), Path.Combine(folder.FullName, "many"));
            await GrownFleet.MakeAsync(few, issuer, small);
            await GrownFleet.MakeAsync(many, issuer, large);
            await using var smaller = await PerennialServer.StartAsync(few);
            await using var larger = await PerennialServer.StartAsync(many);
            using var lists = new ListPages(larger, large);
            await lists.TakeAsync();
            var pages = await lists.TakeAsync();
            using var portal = await PortalPages.EnterAsync(larger, many);
            await portal.TakeListsAsync();
            await portal.TakeOthersAsync();
            var (shown, others) = (await portal.TakeListsAsync(), await portal.TakeOthersAsync());
            var rows = await Rounds.TakeAsync(
                plan,
                new Contender($"beside {small:N0} enrollments and registrations", smaller.Process, new Applicants(smaller, issuer).PrepareMembersAsync),
                new Contender($"beside {large:N0}", larger.Process, new Applicants(larger, issuer).PrepareMembersAsync));
            PerformancePage.Report("growth", Section(plan, large, larger.StartUp, rows, pages) + Portal(shown, others), isQuick);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Portal(
        IReadOnlyList<(string Page, Figures Milliseconds)> lists, IReadOnlyList<(string Page, Figures Milliseconds)> others)
    {
        var text = new StringBuilder();
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"""
            The portal's pages beside the same fleet, whole, as a browser gets them:

            - slowest page of a list, 19 of 20 below: {lists.Max(list => list.Milliseconds.NineteenOfTwenty):0} ms (goal 200 ms)
            - slowest page of all: {lists.Concat(others).Max(page => page.Milliseconds.Most):0} ms (goal 500 ms)

            | page | ms: median | 19 of 20 below | most |
            | --- | --- | --- | --- |
            """);
        foreach (var (page, milliseconds) in lists.Concat(others))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {page} | {milliseconds.Median:0.0} | {milliseconds.NineteenOfTwenty:0.0} | {milliseconds.Most:0.0} |");
        }

        return text.ToString();
    }

    private static string Section(
        RoundPlan plan, int count, TimeSpan start, IReadOnlyList<RatioRow> rows, IReadOnlyList<(string List, Figures Milliseconds)> pages)
    {
        var text = new StringBuilder();
        var slowest = pages.Max(page => page.Milliseconds.NineteenOfTwenty);
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            With {count:N0} enrollments and {count:N0} registrations:

            - start-up: {start.TotalSeconds:0.0} s (goal 5 s)
            - a provisioning: {rows[1].Ratio.Median:0.00} (goal 1.2)
            - slowest page of a list, 19 of 20 below: {slowest:0} ms (goal 100 ms)

            {RatioRow.Table("provisioning over MQTT, member of a group", rows)}
            | list | ms a page: median | 19 of 20 below |
            | --- | --- | --- |
            """);
        foreach (var (list, milliseconds) in pages)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {list} | {milliseconds.Median:0.0} | {milliseconds.NineteenOfTwenty:0.0} |");
        }

        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"""
            Median of {plan.Rounds} interleaved rounds of {plan.Exchanges} provisionings; 100 pages of each list, from its front to its end, by one client.
            """);
        return text.ToString();
    }
}
