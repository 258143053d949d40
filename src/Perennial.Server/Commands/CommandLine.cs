using System.CommandLine;
using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary>The command line. What the operator can mend is one line on standard error: exit code 2 for the line itself, 1 for the rest.</summary>
internal static class CommandLine
{
    public const int Failed = 1;

    public const int Misused = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Provisions Azure IoT devices and rolls their certificates without taking one offline.")
        {
            ServeCommand.Create(),
            InfoCommand.Create(),
            PolicyCommand.Create(),
            CaCommand.Create(),
            ImportCommand.Create(),
            SandboxCommand.Create(),
            ComputeDeviceKeyCommand.Create(),
            DatabaseCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
        };
        var line = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (line.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(Sentence(line));
            return Misused;
        }

        try
        {
            return await line.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (OperatorException exception)
        {
            await Console.Error.WriteLineAsync($"perennial: {exception.Message.ReplaceLineEndings(" ")}");
            return Failed;
        }
    }

    // The library's text for an unknown word may come after another complaint; the word says more.
    private static string Sentence(ParseResult line)
    {
        var error = line.UnmatchedTokens.Count > 0
            ? $"'{line.UnmatchedTokens[0]}' is not known here."
            : line.Errors[0].Message;
        var command = line.CommandResult.Command is RootCommand ? "perennial" : $"perennial {line.CommandResult.Command.Name}";
        return $"perennial: {error.ReplaceLineEndings(" ")} See: {command} --help";
    }
}
