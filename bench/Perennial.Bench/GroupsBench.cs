using System.Globalization;
using Perennial.Bench.Results;
using Perennial.Bench.Servers;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench;

/// <summary>What a provisioning costs beside a thousand enrollment groups, as a ratio to what it costs beside none.</summary>
internal static class GroupsBench
{
    private const int Groups = 1000;

    private static readonly RoundPlan Plan = new(WarmUps: 6, Rounds: 9, Exchanges: 400);

    public static async Task<int> RunAsync(bool isQuick)
    {
        var plan = isQuick ? new RoundPlan(WarmUps: 1, Rounds: 2, Exchanges: 64) : Plan;
        var folder = Directory.CreateTempSubdirectory("perennial-bench-");
        try
        {
            using var issuer = new FleetIssuer(TimeProvider.System);
            await using var few = await PerennialServer.StartAsync(Path.Combine(folder.FullName, "one"));
            await using var many = await PerennialServer.StartAsync(Path.Combine(folder.FullName, "many"));
            var (toFew, toMany) = (new Applicants(few, issuer), new Applicants(many, issuer));
            await toFew.EnrollGroupAsync();
            await toMany.EnrollGroupAsync();
            await toMany.EnrollOtherGroupsAsync(Groups - 1);
            var rows = await Rounds.TakeAsync(
                plan,
                new Contender("one group", few.Process, toFew.PrepareMembersAsync),
                new Contender($"{Groups} groups", many.Process, toMany.PrepareMembersAsync));
            PerformancePage.Report("groups", string.Create(CultureInfo.InvariantCulture, $"""
                - {Groups} enrollment groups against one: {rows[1].Ratio.Median:0.00} (goal 1.1)

                {RatioRow.Table("provisioning over MQTT, member of a group", rows)}
                Median of {plan.Rounds} interleaved rounds of {plan.Exchanges} provisionings, {RoundPlan.Together} at a time.
                """), isQuick);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
