using System.CommandLine;
using System.CommandLine.Help;
using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary>The command line. What the operator can mend is one line on standard error: exit code 2 for the line itself, 1 for the rest.</summary>
internal static class CommandLine
{
    public const int Failed = 1;

    public const int Misused = 2;

    public static Task<int> RunAsync(string[] args) => RunAsync(args, Console.Out, Console.Error);

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var line = CreateRoot().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (line.Errors.Count > 0 && line.Action is not HelpWithExample)
        {
            await errors.WriteLineAsync(Sentence(line));
            return Misused;
        }

        try
        {
            return await line.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = output, Error = errors });
        }
        catch (OperatorException exception)
        {
            await errors.WriteLineAsync($"perennial: {exception.Message.ReplaceLineEndings(" ")}");
            return Failed;
        }
    }

    /// <summary>Every command.</summary>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand("Provisions Azure IoT devices and rolls their certificates without taking one offline.")
        {
            ServeCommand.Create(),
            InfoCommand.Create(),
            LoginCommand.Login(),
            EnrollmentCommand.OfDevices(),
            EnrollmentCommand.OfGroups(),
            RegistrationCommand.Create(),
            CertificateCommand.Create(),
            LinkedHubCommand.Create(),
            DeviceCommand.Create(),
            RehearseCommand.Create(),
            RollCommand.Create(),
            BlockCommand.Create(),
            BreachCommand.Create(),
            ExpiryCommand.Create(),
            ProofCommand.Create(),
            AuditCommand.Create(),
            PolicyCommand.Create(),
            UserCommand.Create(),
            CaCommand.Create(),
            ApplyCommand.Create(),
            ExportCommand.Create(),
            ImportCommand.Create(),
            DoctorCommand.Create(),
            OpenApiCommand.Create(),
            SandboxCommand.Create(),
            ComputeDeviceKeyCommand.Create(),
            DatabaseCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            LoginCommand.Logout(),
        };
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExample((HelpAction)help.Action!);
        }

        return root;
    }

    // The library's text for an unknown word may come after another complaint; the word says more.
    private static string Sentence(ParseResult line)
    {
        var error = line.UnmatchedTokens.Count > 0
            ? $"'{line.UnmatchedTokens[0]}' is not known here."
            : line.Errors[0].Message;
        var words = line.CommandResult.Command is RootCommand ? string.Empty : $" {line.CommandResult.Command.Name}";
        for (var parent = line.CommandResult.Parent; parent is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } above; parent = above.Parent)
        {
            words = $" {above.Command.Name}{words}";
        }

        return $"perennial: {error.ReplaceLineEndings(" ")} See: perennial{words} --help";
    }
}
