using Perennial.Server.Instances;
using Perennial.X509;

namespace Perennial.Server.Commands;

/// <summary>Files that operators name; what is wrong with one is told with its name.</summary>
internal static class OperatorFile
{
    public static IReadOnlyList<Certificate> ReadCertificates(string path) =>
        Pem.TryReadCertificates(Read(path), out var certificates, out var refusal) ? certificates : throw Refused(path, refusal);

    public static CertificateSigningRequest ReadRequest(string path) =>
        CertificateSigningRequest.TryParsePem(Read(path), out var request, out var refusal) ? request : throw Refused(path, refusal);

    /// <summary>Writes a text to a file that is not there yet, or to standard output.</summary>
    public static async Task WriteAsync(string? path, string text)
    {
        if (path is null)
        {
            await Console.Out.WriteAsync(text);
            return;
        }

        if (File.Exists(path))
        {
            throw new OperatorException($"{path} is there already; nothing is written over it.");
        }

        await File.WriteAllTextAsync(path, text);
    }

    public static OperatorException Refused(string subject, Refusal refusal) =>
        new($"{subject}: {refusal.Reason.Number} {refusal.Reason.Title} {refusal.Detail} {refusal.Reason.Remedy}");

    private static string Read(string path)
    {
        try
        {
            return new FileInfo(path).Length <= Pem.MaxTextLength
                ? File.ReadAllText(path)
                : throw new OperatorException($"{path} is larger than {Pem.MaxTextLength} bytes.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(exception.Message, exception);
        }
    }
}
