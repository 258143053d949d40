using System.CommandLine;
using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary>The passphrase of a backup or a root, from a file: a word of the command line would be seen by everybody.</summary>
internal static class PassphraseOption
{
    public const int Shortest = 12;

    private const int Longest = 1024;

    public static Option<string> Create() =>
        Create($"A file whose first line is the passphrase, {Shortest} characters or more. Without it nobody opens the backup.");

    public static Option<string> Create(string description) => new("--passphrase-file")
    {
        Description = description,
        HelpName = "FILE",
        Required = true,
    };

    public static string Read(string path)
    {
        try
        {
            var line = File.ReadLines(path).FirstOrDefault() ?? string.Empty;
            return line.Length is >= Shortest and <= Longest
                ? line
                : throw new OperatorException($"the first line of {path} is to be a passphrase of {Shortest} to {Longest} characters.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"the passphrase cannot be read: {exception.Message}", exception);
        }
    }
}
