using System.Diagnostics;
using System.Text.Json;
using Perennial.Agent.Configuration;
using Perennial.Agent.Durability;
using Perennial.Agent.Tests.Keys;

namespace Perennial.Agent.Tests;

/// <summary>The agent as a process: the native binary when PERENNIAL_AGENT_BIN names it, as <c>./test</c> does, else the one that was built beside the tests.</summary>
internal static class AgentProcess
{
    public const int Killed = 128 + 9;

    private static readonly string Built = Path.Combine(AppContext.BaseDirectory, "perennial-agent");

    public static string? Native { get; } = Environment.GetEnvironmentVariable("PERENNIAL_AGENT_BIN") is { Length: > 0 } path ? path : null;

    public static string Program => Native ?? Built;

    /// <summary>Writes the configuration where the process reads it.</summary>
    public static string Write(AgentConfiguration configuration, string folder)
    {
        var path = Path.Combine(folder, "agent.json");
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(configuration, ConfigurationJson.Default.AgentConfiguration));
        return path;
    }

    public static Task<AgentOutcome> RunAsync(AgentBench bench, string command, params string[] options) =>
        RunAsync(command, ["--config", Write(bench.Configuration, bench.Folder), .. options]);

    /// <summary>Runs it until it is killed by itself at the Nth point, or ends.</summary>
    public static Task<AgentOutcome> RunAsync(AgentBench bench, int killAt, string command, params string[] options) =>
        RunAsync([command, "--config", Write(bench.Configuration, bench.Folder), .. options], killAt);

    public static Task<AgentOutcome> RunAsync(string command, params string[] options) => RunAsync([command, .. options], null);

    public static Process Start(IReadOnlyList<string> arguments, int? killAt)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SOFTHSM2_CONF"] = TokenBench.ConfigurationPath;
        if (killAt is { } at)
        {
            start.Environment[KillSwitch.Variable] = at.ToString(CultureInfo.InvariantCulture);
        }

        return Process.Start(start)!;
    }

    private static async Task<AgentOutcome> RunAsync(IReadOnlyList<string> arguments, int? killAt)
    {
        using var process = Start(arguments, killAt);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90), TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"perennial-agent {string.Join(' ', arguments)} did not end: {await output}");
        }

        return new(process.ExitCode, await output, await error);
    }
}
