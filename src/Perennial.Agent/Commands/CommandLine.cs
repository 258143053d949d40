using System.CommandLine;

namespace Perennial.Agent.Commands;

/// <summary>The command line. What can be mended is one line on standard error: exit code 2 for the line itself, 1 for the rest.</summary>
internal static class CommandLine
{
    public const int Done = 0;

    public const int Failed = 1;

    public const int Misused = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Keeps the certificate of this device valid: provisions it, rolls its certificate, and hands it to other programs.")
        {
            DeviceCommands.CreateRun(),
            StatusCommand.Create(),
            DeviceCommands.CreateRollNow(),
            DeviceCommands.CreateRehearse(),
            InstallCommand.Create(),
        };
        var line = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (line.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"perennial-agent: {line.Errors[0].Message.ReplaceLineEndings(" ")} See: perennial-agent --help");
            return Misused;
        }

        try
        {
            return await line.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
        }
        catch (AgentException exception)
        {
            await Console.Error.WriteLineAsync($"perennial-agent: {exception.Message.ReplaceLineEndings(" ")}");
            return Failed;
        }
    }
}
