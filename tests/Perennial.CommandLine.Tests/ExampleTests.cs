using System.CommandLine;
using Perennial.Server.Commands;
using Perennial.Server.Tests.Commands;

namespace Perennial.CommandLine.Tests;

/// <summary>Every command has an example, and every example does what it says when it is run as it stands.</summary>
[Collection(nameof(ExampleTests))]
[CollectionDefinition(nameof(ExampleTests), DisableParallelization = true)]
public sealed class ExampleTests(OperatorHome home)
{
    [Fact]
    public void Every_command_that_does_something_has_an_example_that_begins_with_it()
    {
        var leaves = Leaves(Server.Commands.CommandLine.CreateRoot(), string.Empty).ToList();

        Assert.All(leaves, leaf => Assert.StartsWith($"perennial {leaf.Path}", Assert.IsType<Verb>(leaf.Command).Example, StringComparison.Ordinal));
        Assert.True(leaves.Count > 50);
    }

    [Fact]
    public async Task Help_shows_the_example()
    {
        var help = await Line.DoneAsync("enrollment", "create", "--help");

        Assert.Contains("Example:\n  perennial enrollment create lamp-1 --certificate lamp-1.pem", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_example_runs_as_it_stands_against_a_server()
    {
        await using var prepared = await ExampleHome.StartAsync(home.Folder);
        var failures = new List<string>();
        foreach (var (path, command) in Leaves(Server.Commands.CommandLine.CreateRoot(), string.Empty))
        {
            await prepared.PrepareAsync(path);
            var words = await prepared.WordsAsync(((Verb)command).Example);
            var (exitCode, _, errors) = path == "serve" ? await ServeAsync(words) : await Line.RunAsync(words);
            if (exitCode != 0)
            {
                failures.Add($"perennial {string.Join(' ', words)}: {errors}");
            }
        }

        Assert.Empty(failures);
    }

    // The ports of the example belong to whoever has them on the machine of the tests.
    private async Task<(int ExitCode, string Output, string Errors)> ServeAsync(string[] words)
    {
        words[Array.IndexOf(words, "--data") + 1] = Path.Combine(home.Folder, "served");
        string[] ports = ["--bind", "127.0.0.1", "--mqtt-port", "0", "--amqp-port", "0", "--https-port", "0", "--portal-port", "0"];
        await using var server = ServerProcess.Start(null, [.. words, .. ports]);
        await server.WaitUntilReadyAsync();
        var (exitCode, _) = await server.TerminateAsync();
        return (exitCode, server.Output, string.Empty);
    }

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path)
    {
        if (command.Action is not null)
        {
            yield return (path, command);
        }

        foreach (var leaf in command.Subcommands.SelectMany(below => Leaves(below, $"{path} {below.Name}".Trim())))
        {
            yield return leaf;
        }
    }
}
