using Perennial.X509;

namespace Perennial.Server.Declarations;

/// <summary>Files that a fleet file names, relative to its own folder.</summary>
internal static class DeclaredFile
{
    /// <summary>What stands for an empty slot.</summary>
    public const string None = "none";

    private const string Begin = "-----BEGIN ";

    /// <summary>The one certificate of a key: PEM in the file itself, or a path; null for an empty slot.</summary>
    public static Certificate? ReadCertificate(YamlFields fields, string name)
    {
        var value = fields.Required(name);
        if (value == None)
        {
            return null;
        }

        var text = value.Contains(Begin, StringComparison.Ordinal) ? value : Read(fields, name, value);
        return !Pem.TryReadCertificates(text, out var certificates, out var refusal)
            ? throw fields.Fault(name, $"{refusal.Reason.Number} {refusal.Reason.Title} {refusal.Detail} {refusal.Reason.Remedy}")
            : certificates.Count == 1 ? certificates[0]
            : throw fields.Fault(name, $"{certificates.Count} certificates are there; wanted is one.");
    }

    /// <summary>A small file: text as it is, DER in base64.</summary>
    public static string Read(YamlFields fields, string name, string path)
    {
        var full = Path.Combine(fields.Folder, path);
        try
        {
            if (new FileInfo(full).Length > Pem.MaxTextLength)
            {
                throw fields.Fault(name, $"{full} is larger than {Pem.MaxTextLength} bytes.");
            }

            var content = File.ReadAllBytes(full);
            return content is [0x30, > 0x7F, ..] ? Convert.ToBase64String(content) : Encoding.Latin1.GetString(content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw fields.Fault(name, exception.Message);
        }
    }
}
