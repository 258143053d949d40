using System.Globalization;
using Perennial.Bench.Fleets;
using Perennial.Bench.Results;

namespace Perennial.Bench;

/// <summary>Fleets of real TLS connections, rolled in each kind, with everything that can go wrong: what is lost, who is away and for how long.</summary>
internal static class FleetBench
{
    private const int Usual = 2000;

    // Files of this process beside the sockets of the devices, each of which has two for a moment; of the server beside its connections.
    private const int OtherFiles = 1000;

    public static async Task<int> RunAsync(string[] options)
    {
        if (!TryRead(options, out var devices, out var only, out var seed, out var isPlain))
        {
            await Console.Error.WriteLineAsync($"usage: fleet [--devices NUMBER] [--only {string.Join('|', Enum.GetNames<FleetKind>()).ToLowerInvariant()}] [--plain] [--seed NUMBER] [--quick]");
            return 2;
        }

        if (OpenFiles() < (devices * 5 / 4) + OtherFiles)
        {
            await Console.Error.WriteLineAsync($"{devices} devices need {(devices * 5 / 4) + OtherFiles} open files; this shell allows {OpenFiles()}. Raise it: ulimit -n");
            return 1;
        }

        var bare = await BareLimit.MeasureAsync(TimeProvider.System);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bare Kestrel: {bare:0} handshakes a second"));
        var outcomes = new List<FleetOutcome>();
        foreach (var scenario in Matrix(devices, seed, bare).Where(scenario => (only is null || scenario.Kind == only) && (!isPlain || scenario.IsPlain)))
        {
            outcomes.Add(await FleetRun.RunAsync(scenario, TimeProvider.System, CancellationToken.None));
            Console.WriteLine(FleetTable.Line(outcomes[^1]));
        }

        PerformancePage.Report(devices == Usual ? "fleet" : $"fleet-{devices}", Section(devices, bare, outcomes), isQuick: only is not null || isPlain || devices is not (Usual or 10_000));
        return outcomes.Any(outcome => outcome.Faults().Count > 0) ? 1 : 0;
    }

    private static IEnumerable<FleetScenario> Matrix(int devices, int seed, double bare) =>
        from kind in Enum.GetValues<FleetKind>()
        let plain = new FleetScenario(kind, devices)
        {
            Seed = seed,
            Rhythm = TimeSpan.FromSeconds(Math.Max(5, devices / 400)),
        }.AtPaceOf(bare)
        from scenario in new[]
        {
            plain, plain with { IsKilled = true }, plain with { OfflineShare = 0.05 }, plain with { IsBad = true }, plain with { IsBad = true, BreaksFirst = true },
        }
        select scenario;

    private static bool TryRead(string[] options, out int devices, out FleetKind? only, out int seed, out bool isPlain)
    {
        (devices, only, seed, isPlain) = (Usual, null, 1, false);
        for (var i = 0; i < options.Length; i++)
        {
            var value = options.ElementAtOrDefault(i + 1);
            switch (options[i])
            {
                case "--quick":
                    devices = 100;
                    break;
                case "--plain":
                    isPlain = true;
                    break;
                case "--devices" when int.TryParse(value, CultureInfo.InvariantCulture, out devices) && devices >= 20:
                case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out seed):
                    i++;
                    break;
                case "--only" when Enum.TryParse<FleetKind>(value, ignoreCase: true, out var kind):
                    only = kind;
                    i++;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    // The runtime has raised the soft limit to the hard one by now.
    private static int OpenFiles()
    {
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return int.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture, out var soft) ? soft : int.MaxValue;
    }

    private static string Section(int devices, double bare, IReadOnlyList<FleetOutcome> outcomes)
    {
        var faults = outcomes.Sum(outcome => outcome.Faults().Count);
        return string.Create(CultureInfo.InvariantCulture, $"""
            With {devices:N0} devices connected:

            - messages lost: {outcomes.Sum(outcome => outcome.Lost)} of {outcomes.Sum(outcome => outcome.Sent):N0} (goal 0)
            - times a device held no valid credential: {outcomes.Sum(outcome => outcome.WithoutCredential)} (goal 0)
            - gap for the sake of a roll, 99 of 100 devices below: {outcomes.Where(outcome => !outcome.Scenario.BreaksFirst).Max(outcome => outcome.GapOf99).TotalMilliseconds:0} ms (goal 1,000 ms)
            - bare Kestrel on the same machine, in the same run: {bare:0} handshakes a second
            - other promises that were broken: {faults}

            {FleetTable.Of(outcomes, bare)}
            """);
    }
}
