using System.CommandLine;
using System.Text;
using Perennial.Agent.Configuration;
using Perennial.Agent.Deployment;
using Perennial.Agent.Durability;

namespace Perennial.Agent.Commands;

/// <summary><c>perennial-agent install</c>: writes the systemd unit and says how to start it.</summary>
internal static class InstallCommand
{
    private static readonly Option<string> Folder = new("--unit-dir")
    {
        Description = "Where units are.",
        HelpName = "DIR",
        DefaultValueFactory = _ => UnitFile.DefaultFolder,
    };

    public static Command Create()
    {
        var command = new Command("install", "Writes the systemd unit that runs the agent.") { AgentOptions.Configuration, AgentOptions.Exec, Folder };
        command.SetAction((line, _) => RunAsync(
            AgentOptions.Read(line), Path.GetFullPath(line.GetRequiredValue(AgentOptions.Configuration)), line.GetValue(AgentOptions.Exec), line.GetRequiredValue(Folder)));
        return command;
    }

    private static async Task<int> RunAsync(AgentConfiguration configuration, string configurationPath, string? exec, string folder)
    {
        var program = Environment.ProcessPath ?? throw new AgentException("The path of this program is not known.");
        var path = Path.Combine(folder, UnitFile.Name);
        try
        {
            var files = new DurableFiles(KillSwitch.Off);
            DurableFiles.MakeDirectory(configuration.State);
            files.Write(path, Encoding.UTF8.GetBytes(UnitFile.Write(program, configurationPath, configuration, exec)), DurableFiles.Readable);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AgentException($"{path} cannot be written: {exception.Message} Run as root, or name another folder with --unit-dir.", exception);
        }

        await Console.Out.WriteLineAsync($"Wrote {path}. Start it: systemctl daemon-reload && systemctl enable --now perennial-agent");
        return CommandLine.Done;
    }
}
