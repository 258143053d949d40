using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary>A secret from a file, or from standard input: a word of the command line would be seen by everybody.</summary>
internal static class SecretInput
{
    /// <summary>What names standard input.</summary>
    public const string StandardInput = "-";

    private const int Longest = 8 * 1024;

    /// <summary>The first line that is not empty.</summary>
    public static string Read(string path, string what)
    {
        try
        {
            using var text = path == StandardInput ? Console.In : new StreamReader(path);
            var buffer = new char[Longest];
            var length = text.ReadBlock(buffer, 0, buffer.Length);
            var line = new string(buffer, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
            return line ?? throw new OperatorException($"{Named(path)} is empty; wanted is {what}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"{what} cannot be read: {exception.Message}", exception);
        }
    }

    private static string Named(string path) => path == StandardInput ? "standard input" : path;
}
