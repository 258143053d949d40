using System.Diagnostics;
using System.Globalization;
using Perennial.Bench.Results;

namespace Perennial.Bench;

/// <summary>What the device agent costs the device that it runs on: its binary, its start, its memory before and after rolls.</summary>
internal static class AgentBench
{
    private const double MegaByte = 1000 * 1000;

    public static async Task<int> RunAsync(bool isQuick)
    {
        var program = Path.Combine(PerformancePage.FindRoot(), "artifacts", "agent", "perennial-agent");
        if (!File.Exists(program))
        {
            await Console.Error.WriteLineAsync($"{program} is not there; make it: dotnet publish src/Perennial.Agent -c Release -o artifacts/agent");
            return 1;
        }

        var folder = Directory.CreateTempSubdirectory("perennial-bench-");
        try
        {
            await using var device = await BenchedDevice.MakeAsync(folder.FullName, program);
            var (rolls, starts) = isQuick ? (2, 10) : (5, 100);
            var idle = await StartsAsync(device, starts, "status");
            var visit = await StartsAsync(device, 1, "renew-now");
            var due = await StartsAsync(device, starts, "renew-now", "--if-due");
            await using var agent = await device.RunAsync();
            var connected = agent.Memory;
            for (var i = 0; i < rolls; i++)
            {
                await agent.RollAsync();
            }

            PerformancePage.Report("agent", string.Create(CultureInfo.InvariantCulture, $"""
                - resident memory of the agent, connected: {connected / MegaByte:0.0} MB (goal 25 MB)
                - resident memory after {rolls} rolls: {agent.Memory / MegaByte:0.0} MB
                - the binary: {new FileInfo(program).Length / MegaByte:0.0} MB (goal 20 MB)

                | command | ms from start to end: median | 19 of 20 below |
                | --- | --- | --- |
                | `status` | {Quantile(idle, 0.5):0.0} | {Quantile(idle, 0.95):0.0} |
                | `renew-now --if-due` with nothing due | {Quantile(due, 0.5):0.0} | {Quantile(due, 0.95):0.0} |
                | `renew-now`, one roll | {Quantile(visit, 0.5):0.0} | |

                `VmRSS` of the process, pages of the binary and of OpenSSL included. Over {starts} starts; other work kept both cores busy.
                """), isQuick);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<List<double>> StartsAsync(BenchedDevice device, int count, params string[] command)
    {
        var times = new List<double>();
        for (var i = 0; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await device.RunToEndAsync(command);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return times;
    }

    private static double Quantile(List<double> values, double share) => values.Order().ElementAt((int)((values.Count - 1) * share));
}
