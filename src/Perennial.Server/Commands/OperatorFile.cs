using Perennial.Server.Instances;
using Perennial.Server.Storage;
using Perennial.X509;

namespace Perennial.Server.Commands;

/// <summary>Files that operators name; what is wrong with one is told with its name.</summary>
internal static class OperatorFile
{
    /// <summary>The certificates of a file: PEM, DER, or DER in base64.</summary>
    public static IReadOnlyList<Certificate> ReadCertificates(string path) =>
        Pem.TryReadCertificates(TextOf(ReadBytes(path)), out var certificates, out var refusal) ? certificates : throw Refused(path, refusal);

    /// <summary>The one certificate that stands in a slot, as PEM: the first of the file.</summary>
    public static string ReadSlot(string path) => Pem.Write(ReadCertificates(path)[0]);

    /// <summary>What a file holds, bounded.</summary>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            return new FileInfo(path).Length <= Pem.MaxTextLength
                ? File.ReadAllBytes(path)
                : throw new OperatorException($"{path} is larger than {Pem.MaxTextLength} bytes.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(exception.Message, exception);
        }
    }

    /// <summary>A text of any size, to be read as it is worked on.</summary>
    public static StreamReader Open(string path) => new(OpenBytes(path));

    /// <summary>A file of any size, to be read as it is worked on.</summary>
    public static FileStream OpenBytes(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(exception.Message, exception);
        }
    }

    /// <summary>Makes a file that only its owner may read, since it may hold keys.</summary>
    public static FileStream Create(string path)
    {
        try
        {
            return OwnerOnlyFile.Create(path);
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new OperatorException($"{path} is there already; nothing is written over it.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(exception.Message, exception);
        }
    }

    /// <summary>Text as it is; DER, which begins with a SEQUENCE, in base64.</summary>
    public static string TextOf(byte[] content) => content is [0x30, > 0x7F, ..]
        ? Convert.ToBase64String(content)
        : Encoding.Latin1.GetString(content);

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

    private static string Read(string path) => Encoding.UTF8.GetString(ReadBytes(path));
}
