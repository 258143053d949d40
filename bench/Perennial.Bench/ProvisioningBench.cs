using Perennial.Bench.Exchanges;
using Perennial.Bench.Results;
using Perennial.Bench.Servers;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench;

/// <summary>
/// Server CPU of a whole provisioning, as a ratio to a bare client-certificate handshake in the same round: rounds interleaved, each
/// exchange on a fresh connection by a device that provisions for the first time.
/// </summary>
internal static class ProvisioningBench
{
    private const string MqttName = "provisioning over MQTT";
    private const string HttpsName = "provisioning over HTTPS";

    private static readonly TimeProvider Time = TimeProvider.System;

    public static async Task<int> RunAsync(ProvisioningPlan plan)
    {
        var folder = Directory.CreateTempSubdirectory("perennial-bench-");
        try
        {
            using var issuer = new FleetIssuer(Time);
            await using var perennial = await PerennialServer.StartAsync(Path.Combine(folder.FullName, "instance"));
            var (bare, address) = await BareServer.StartAsync(folder, issuer.RootPem);
            await using var bareProcess = bare;
            var report = await MeasureAsync(plan, await KindsAsync(perennial, issuer, bare, address));
            Console.WriteLine(report.Tables());
            if (plan != ProvisioningPlan.Quick)
            {
                Console.WriteLine($"Written to {PerformancePage.Write("provisioning", report.Section(Machine.Describe(), Time.GetUtcNow()))}");
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<ExchangeKind>> KindsAsync(
        PerennialServer perennial, FleetIssuer issuer, ChildServer bare, ServerAddress bareAddress)
    {
        var applicants = new Applicants(perennial, issuer);
        await applicants.EnrollGroupAsync();
        var (mqtt, https, handshake) = (new MqttExchange(perennial), new HttpsExchange(perennial), new BareExchange(bareAddress));
        var part = new HandshakeExchange(perennial);
        const string Group = "group, leaf and intermediate";
        const string Individual = "individual, leaf alone";
        return
        [
            new(Group, "bare handshake", bare, true, applicants.MembersAsync, handshake.RunAsync),
            new(Group, "its handshake alone", perennial.Process, false, applicants.MembersAsync, part.ShakeHandsAsync),
            new(Group, "its handshake and CONNECT", perennial.Process, false, applicants.MembersAsync, part.ConnectAsync),
            new(Group, MqttName, perennial.Process, false, applicants.MembersAsync, mqtt.RunAsync),
            new(Group, HttpsName, perennial.Process, false, applicants.MembersAsync, https.RunAsync),
            new(Individual, "bare handshake", bare, true, applicants.IndividualsAsync, handshake.RunAsync),
            new(Individual, MqttName, perennial.Process, false, applicants.IndividualsAsync, mqtt.RunAsync),
            new(Individual, HttpsName, perennial.Process, false, applicants.IndividualsAsync, https.RunAsync),
        ];
    }

    private static async Task<ProvisioningReport> MeasureAsync(ProvisioningPlan plan, IReadOnlyList<ExchangeKind> kinds)
    {
        var rounds = new List<Dictionary<ExchangeKind, double>>();
        for (var round = -plan.WarmUps; round < plan.Rounds; round++)
        {
            var figures = await RoundAsync(plan, kinds);
            Console.WriteLine($"round {round + 1,2}: {string.Join("  ", kinds.Select(kind => $"{figures[kind],5:0}"))} µs{(round < 0 ? "  (warm-up)" : string.Empty)}");
            if (round >= 0)
            {
                rounds.Add(figures);
            }
        }

        var times = new List<TimeRow>();
        foreach (var kind in kinds)
        {
            times.Add(new TimeRow(kind.Certificate, kind.Name, await TakeTimesAsync(plan, kind)));
        }

        var rows = kinds.Select(kind =>
        {
            var bare = kinds.Single(other => other.IsBare && other.Certificate == kind.Certificate);
            return new CpuRow(
                kind.Certificate, kind.Name, new(rounds.Select(round => round[kind])), new(rounds.Select(round => round[kind] / round[bare])));
        });
        return new ProvisioningReport(plan, [.. rows], times);
    }

    /// <summary>Microseconds of server CPU an exchange, of each kind.</summary>
    private static async Task<Dictionary<ExchangeKind, double>> RoundAsync(ProvisioningPlan plan, IReadOnlyList<ExchangeKind> kinds)
    {
        var figures = new Dictionary<ExchangeKind, double>();
        foreach (var kind in kinds)
        {
            var applicants = await kind.ApplyAsync(plan.Exchanges);
            await kind.Server.SettleAsync(Time);
            var before = kind.Server.Cpu;
            await Parallel.ForEachAsync(
                applicants, new ParallelOptions { MaxDegreeOfParallelism = plan.Together }, async (applicant, _) => await kind.RunAsync(applicant));
            await kind.Server.SettleAsync(Time);
            figures[kind] = (kind.Server.Cpu - before).TotalMicroseconds / plan.Exchanges;
            Dispose(applicants);
        }

        return figures;
    }

    private static async Task<Figures> TakeTimesAsync(ProvisioningPlan plan, ExchangeKind kind)
    {
        var applicants = await kind.ApplyAsync(plan.Timed);
        await kind.Server.SettleAsync(Time);
        var times = new List<double>();
        foreach (var applicant in applicants)
        {
            var started = Time.GetTimestamp();
            await kind.RunAsync(applicant);
            times.Add(Time.GetElapsedTime(started).TotalMilliseconds);
        }

        Dispose(applicants);
        return new Figures(times);
    }

    private static void Dispose(IReadOnlyList<Applicant> applicants)
    {
        foreach (var applicant in applicants)
        {
            applicant.Credential.Dispose();
        }
    }
}
