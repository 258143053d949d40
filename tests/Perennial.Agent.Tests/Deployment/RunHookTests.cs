using System.Diagnostics;
using Perennial.Agent.Deployment;

namespace Perennial.Agent.Tests.Deployment;

public sealed class RunHookTests
{
    private static readonly Dictionary<string, string> Variables = new(StringComparer.Ordinal) { ["PERENNIAL_REHEARSAL"] = "1", ["PERENNIAL_REGISTRATION_ID"] = "lamp-1" };

    [Fact]
    public async Task A_hook_is_told_about_the_certificate()
    {
        var outcome = await RunAsync("echo $PERENNIAL_REGISTRATION_ID $PERENNIAL_REHEARSAL");
        Assert.Equal((true, "lamp-1 1"), (outcome.IsSuccess, outcome.Output));
    }

    [Fact]
    public async Task A_hook_that_fails_says_so()
    {
        var outcome = await RunAsync("echo no such unit >&2; exit 5");
        Assert.False(outcome.IsSuccess);
        Assert.Equal("ended with 5: no such unit", outcome.Sentence);
    }

    [Fact]
    public async Task A_hook_that_hangs_is_ended_with_its_children()
    {
        var file = Path.GetTempFileName();
        var started = Stopwatch.GetTimestamp();
        var outcome = await RunAsync($"sleep 300 & echo $! > {file}; wait", TimeSpan.FromMilliseconds(500));
        Assert.Null(outcome.ExitCode);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
        Assert.Contains("time limit", outcome.Sentence, StringComparison.Ordinal);
        var child = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim();
        Assert.True(IsGone(child), $"process {child} lives on");
        File.Delete(file);
    }

    [Fact]
    public async Task A_hook_that_talks_without_end_is_read_but_not_kept()
    {
        var outcome = await RunAsync("head -c 20000000 /dev/zero | tr '\\0' x");
        Assert.True(outcome.IsSuccess);
        Assert.Equal(RunHook.MaxOutput, outcome.Output.Length);
    }

    [Fact]
    public async Task A_child_left_in_the_background_does_not_hold_the_agent_up()
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = await RunAsync("sleep 20 & echo done");
        Assert.Equal((true, "done"), (outcome.IsSuccess, outcome.Output));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(15));
    }

    // A killed child that nobody has waited for yet is a zombie.
    private static bool IsGone(string id)
    {
        var path = $"/proc/{id}/stat";
        try
        {
            return File.ReadAllText(path).Split(") ").Last().StartsWith('Z');
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static Task<HookOutcome> RunAsync(string command, TimeSpan? limit = null) =>
        new RunHook(command, limit ?? TimeSpan.FromSeconds(60), TimeProvider.System).ExecuteAsync(Variables, TestContext.Current.CancellationToken);
}
