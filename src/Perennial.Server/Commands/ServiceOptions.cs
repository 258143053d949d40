using System.CommandLine;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary>What every command that asks a server takes: which server, and how the answer is shown.</summary>
internal static class ServiceOptions
{
    public const string Json = "json";

    private const string Table = "table";

    public static readonly Option<string?> DataFolder = new("--data")
    {
        Description = $"The data folder of a server on this machine. Default the login, or {ServeCommand.DefaultDataFolder} when there is none.",
        HelpName = "DIR",
        Recursive = true,
    };

    public static readonly Option<string?> Login = new("--login") { Description = $"The login to use. Default {LoginFile.UsualName}.", HelpName = "NAME", Recursive = true };

    public static readonly Option<string> Format = CreateFormat();

    public static readonly Option<bool> ShowSecrets = new("--show-secrets") { Description = "Shows keys and connection strings.", Recursive = true };

    /// <summary>Gives the options to a command and to all below it.</summary>
    public static Command WithServiceOptions(this Command command)
    {
        command.Add(DataFolder);
        command.Add(Login);
        command.Add(Format);
        command.Add(ShowSecrets);
        return command;
    }

    /// <summary>The server that the line names: a data folder, a login, or the usual one of them.</summary>
    public static ServiceConnection Connect(ParseResult line)
    {
        return FolderOf(line) is { } folder
            ? LocalServer.Connect(folder, TimeProvider.System)
            : new LoginFile(line.GetValue(Login) ?? LoginFile.UsualName).Connect(TimeProvider.System);
    }

    /// <summary>The data folder that the line means; null when it means a login.</summary>
    public static string? FolderOf(ParseResult line) => line.GetValue(DataFolder)
        ?? (line.GetValue(Login) is null && !new LoginFile(LoginFile.UsualName).Exists ? ServeCommand.DefaultDataFolder : null);

    /// <summary>Lets a command ask the server that the line names.</summary>
    public static void SetServiceAction(this Command command, Func<ParseResult, ServiceConnection, CancellationToken, Task> work) =>
        command.SetAction(async (line, cancellationToken) =>
        {
            using var connection = Connect(line);
            await work(line, connection, cancellationToken);
            return 0;
        });

    /// <summary>The same for a command whose answer says how it ends.</summary>
    public static void SetServiceAction(this Command command, Func<ParseResult, ServiceConnection, CancellationToken, Task<int>> work) =>
        command.SetAction(async (line, cancellationToken) =>
        {
            using var connection = Connect(line);
            return await work(line, connection, cancellationToken);
        });

    private static Option<string> CreateFormat()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = $"{Table} for people, {Json} for programs.",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => Table,
            Recursive = true,
        };
        option.AcceptOnlyFromAmong(Table, Json);
        return option;
    }
}
