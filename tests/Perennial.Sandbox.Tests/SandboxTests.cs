using Perennial.Protocol.Hub;
using Perennial.Server.Commands;
using Perennial.Server.Sandbox;

namespace Perennial.Sandbox.Tests;

/// <summary>Whole runs: a real server, real sockets, the real clock.</summary>
public sealed class SandboxTests
{
    private const int Devices = 6;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_roll_loses_nothing()
    {
        var summary = await RunAsync(azureMode: false);
        Assert.Empty(summary.Faults());
        Assert.Equal(Devices, summary.Registrations);
        Assert.Equal(summary.Sent, summary.Received);
        Assert.DoesNotContain(summary.Refusals, refusal => refusal.Key == "hub: unauthorized");
    }

    [Fact]
    public async Task A_roll_in_azure_mode_is_unauthorized_once_a_device_and_loses_nothing()
    {
        var summary = await RunAsync(azureMode: true);
        Assert.Empty(summary.Faults());
        Assert.Equal(Devices, summary.Registrations);
        Assert.Equal((Devices / 2) + (2 * (Devices / 2)), summary.Refusals.Single(refusal => refusal.Key == "hub: unauthorized").Value);
    }

    [Fact]
    public async Task A_feed_that_drops_one_message_fails_the_run() =>
        Assert.Equal(
            CommandLine.Failed,
            await SandboxCommand.TellAsync(new SandboxOptions(Devices, Seed: 3, AzureMode: false), TimeProvider.System, WithoutTheThirdAsync, Stop));

    [Fact]
    public async Task A_run_that_is_stopped_leaves_nothing_behind()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        string folder;
        await using (var run = await SandboxRun.StartAsync(new SandboxOptions(Devices, Seed: 4, AzureMode: false), TimeProvider.System, null, Stop))
        {
            folder = run.Folder;
            Assert.True(Directory.Exists(folder));
            var story = run.TellAsync(stop.Token);
            await foreach (var act in run.Board.EndedAsync(Stop))
            {
                await stop.CancelAsync();
            }

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => story);
        }

        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData("--devices", "0")]
    [InlineData("--devices", "2001")]
    [InlineData("--devices", "many")]
    [InlineData("--seed", "-1")]
    [InlineData("--azure", "true")]
    public async Task A_bad_option_is_refused(string option, string value) =>
        Assert.Equal(CommandLine.Misused, await CommandLine.RunAsync(["sandbox", option, value]));

    private static async Task<SandboxSummary> RunAsync(bool azureMode)
    {
        await using var run = await SandboxRun.StartAsync(new SandboxOptions(Devices, Seed: 1, azureMode), TimeProvider.System, null, Stop);
        return await run.TellAsync(Stop);
    }

    private static async IAsyncEnumerable<TelemetryFeedLine> WithoutTheThirdAsync(IAsyncEnumerable<TelemetryFeedLine> lines)
    {
        await foreach (var line in lines)
        {
            if (line.Sequence != 3)
            {
                yield return line;
            }
        }
    }
}
