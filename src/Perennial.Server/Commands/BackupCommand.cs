using System.CommandLine;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Perennial.Server.Backups;
using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary><c>perennial backup</c>: everything of an instance in one sealed file, while it serves.</summary>
internal static class BackupCommand
{
    private static readonly Option<string> DataFolder = new("--data")
    {
        Description = "The data folder.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ServeCommand.DefaultDataFolder,
    };

    private static readonly Option<string> To = new("--to") { Description = "The file to make.", HelpName = "FILE", Required = true };

    private static readonly Option<string> Passphrase = PassphraseOption.Create();

    public static Command Create()
    {
        var command = new Verb("backup", "Writes settings, keys and records into one file that a passphrase opens. The server may run.", "perennial backup --to perennial.backup --passphrase-file passphrase")
        {
            DataFolder, To, Passphrase,
        };
        command.SetAction((line, cancellationToken) => Task.Run(
            () => Run(line.GetRequiredValue(DataFolder), Path.GetFullPath(line.GetRequiredValue(To)), line.GetRequiredValue(Passphrase), cancellationToken),
            CancellationToken.None));
        return command;
    }

    private static int Run(string dataFolder, string file, string passphraseFile, CancellationToken cancellationToken)
    {
        var passphrase = PassphraseOption.Read(passphraseFile);
        using var instance = Instance.Read(dataFolder);
        if (File.Exists(file))
        {
            throw new OperatorException($"{file} is there already; a backup is not written over another.");
        }

        try
        {
            var manifest = new MakeBackup(instance, TimeProvider.System).Run(file, passphrase, SealedHeader.Rounds, cancellationToken);
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{file}: {manifest.Files.Count} files, {manifest.Rows.Values.Sum()} rows, {new FileInfo(file).Length} bytes"));
            return 0;
        }
        catch (Exception exception) when (
            exception is SqliteException or NpgsqlException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new OperatorException($"no backup was made: {exception.Message}", exception);
        }
    }
}
