using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Perennial.Protocol.Hub;
using Perennial.Server.Sandbox;
using Perennial.Server.Sandbox.Display;
using Spectre.Console;

namespace Perennial.Server.Commands;

/// <summary><c>perennial sandbox</c>: tells the story of a roll on a real instance in a throw-away folder, and counts what was lost.</summary>
internal static class SandboxCommand
{
    /// <summary>What shells report for a process that Ctrl-C ended.</summary>
    public const int Interrupted = 130;

    private const int LogLines = 20;

    private static readonly Option<int> Devices = OptionParsing.Number(
        "--devices", "Size of the fleet.", SandboxOptions.FewestDevices, SandboxOptions.MostDevices, () => 50);

    private static readonly Option<int> Seed = OptionParsing.Number(
        "--seed", "Decides order and rhythm; without it, another one each time.", 0, int.MaxValue, () => RandomNumberGenerator.GetInt32(1_000_000));

    private static readonly Option<bool> AzureMode = new("--azure-mode")
    {
        Description = "The hub knows only the leaf of the last registration, as Azure's does: each roll is unauthorized, provisioned anew, connected.",
    };

    private static readonly Option<bool> Stay = new("--stay") { Description = "Goes on serving after the story until Ctrl-C, for a look around in the portal." };

    public static Command Create()
    {
        var command = new Verb("sandbox", "Provisions and rolls a fleet on this machine alone, and counts what is lost. Leaves nothing behind.", "perennial sandbox --devices 2")
        {
            Devices, Seed, AzureMode, Stay,
        };
        command.SetAction((line, cancellationToken) => RunAsync(
            new SandboxOptions(line.GetValue(Devices), line.GetValue(Seed), line.GetValue(AzureMode), line.GetValue(Stay)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await TellAsync(options, TimeProvider.System, feed: null, interrupt.Token);
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            return Interrupted;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupt.Cancel();
        }
    }

    /// <param name="options">The size and the behaviour.</param>
    /// <param name="time">The clock.</param>
    /// <param name="feed">What stands between the telemetry feed and the comparison; null for nothing.</param>
    /// <param name="cancellationToken">Stops cleanly.</param>
    /// <returns>The exit code.</returns>
    internal static async Task<int> TellAsync(
        SandboxOptions options,
        TimeProvider time,
        Func<IAsyncEnumerable<TelemetryFeedLine>, IAsyncEnumerable<TelemetryFeedLine>>? feed,
        CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await Console.Out.WriteLineAsync(
            $"perennial sandbox: {options.Devices} devices, seed {options.Seed}{(options.AzureMode ? ", azure mode" : string.Empty)}");
        await using var run = await SandboxRun.StartAsync(options, time, feed, cancellationToken);
        await Console.Out.WriteLineAsync($"  portal {run.PortalEntry}");
        var story = run.TellAsync(cancellationToken);
        await (Console.IsOutputRedirected
            ? PlainLines.TellAsync(run.Board, Console.Out, cancellationToken)
            : LiveTable.TellAsync(AnsiConsole.Console, run.Board, run.Fleet, story));
        try
        {
            var summary = await story;
            await Console.Out.WriteLineAsync($"{Environment.NewLine}{SummaryText.Of(summary)}");
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"  took            {time.GetElapsedTime(started).TotalSeconds,6:0.0} s"));
            if (options.Stays)
            {
                await Console.Out.WriteLineAsync("The sandbox goes on serving; Ctrl-C ends it.");
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
            }

            if (summary.Faults().Count == 0)
            {
                return 0;
            }
        }
        catch (HttpRequestException exception)
        {
            await Console.Error.WriteLineAsync($"perennial: the sandbox broke off. {exception.Message}");
        }

        await ShowLogAsync(run, cancellationToken);
        return CommandLine.Failed;
    }

    private static async Task ShowLogAsync(SandboxRun run, CancellationToken cancellationToken)
    {
        foreach (var line in (await run.ReadLogAsync(cancellationToken)).TakeLast(LogLines))
        {
            await Console.Error.WriteLineAsync(line);
        }
    }
}
