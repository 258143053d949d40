using System.CommandLine;
using System.Globalization;
using Perennial.Server.Backups;

namespace Perennial.Server.Commands;

/// <summary><c>perennial restore</c>: a data folder out of a backup.</summary>
internal static class RestoreCommand
{
    private static readonly Option<string> From = new("--from") { Description = "The backup.", HelpName = "FILE", Required = true };

    private static readonly Option<string> DataFolder = new("--data")
    {
        Description = "The data folder to make; empty, or not there yet.",
        HelpName = "DIR",
        Required = true,
    };

    private static readonly Option<string> Passphrase = PassphraseOption.Create();

    public static Command Create()
    {
        var command = new Verb("restore", "Checks a backup and makes a data folder of it, with the records in SQLite.", "perennial restore --from perennial.backup --data restored --passphrase-file passphrase") { From, DataFolder, Passphrase };
        command.SetAction((line, _) => Task.Run(
            () => Run(line.GetRequiredValue(From), Path.GetFullPath(line.GetRequiredValue(DataFolder)), line.GetRequiredValue(Passphrase)),
            CancellationToken.None));
        return command;
    }

    private static int Run(string file, string folder, string passphraseFile)
    {
        var manifest = RestoreBackup.Run(file, folder, PassphraseOption.Read(passphraseFile));
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{folder}: {manifest.IdScope} as of {manifest.Made:u}, {manifest.Rows.Values.Sum()} rows. Serve it with: perennial serve --data {folder}"));
        return 0;
    }
}
