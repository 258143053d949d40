using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary>A secret from a file, or from standard input: a word of the command line would be seen by everybody.</summary>
internal static class SecretInput
{
    /// <summary>What names standard input.</summary>
    public const string StandardInput = "-";

    private const int Longest = 8 * 1024;

    /// <summary>The first line of a file that is not empty; of standard input the next line, so that it may hold several secrets.</summary>
    public static string Read(string path, string what)
    {
        try
        {
            if (path != StandardInput && new FileInfo(path).Length > Longest)
            {
                throw new OperatorException($"{path} is larger than {Longest} bytes; wanted is {what}.");
            }

            var line = path == StandardInput ? Console.In.ReadLine() : File.ReadLines(path).FirstOrDefault(one => !string.IsNullOrWhiteSpace(one));
            return line?.Trim() is { Length: > 0 and <= Longest } secret ? secret : throw new OperatorException($"{Named(path)} is empty, or longer than it can be; wanted is {what}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"{what} cannot be read: {exception.Message}", exception);
        }
    }

    private static string Named(string path) => path == StandardInput ? "standard input" : path;
}
