using Microsoft.AspNetCore.Http;
using Perennial.X509;

namespace Perennial.Server.Portal.Layout;

/// <summary>Certificates that were picked as a file: PEM, DER, or DER in base64.</summary>
internal static class PickedFile
{
    /// <summary>Larger files are not read.</summary>
    private const int MaxLength = 128 * 1024;

    /// <param name="file">What was picked; null or empty when nothing was.</param>
    /// <param name="wanted">What is wanted, as a sentence, for whoever picked something else.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The certificates, at least one; or the sentence that says what the file is, and what is wanted.</returns>
    public static async Task<(IReadOnlyList<Certificate> Certificates, string? Fault)> ReadAsync(IFormFile? file, string wanted, CancellationToken cancellationToken)
    {
        if (file is not { Length: > 0 and <= MaxLength })
        {
            return ([], file is { Length: > MaxLength } ? $"The file is larger than {MaxLength / 1024} kB, which is no certificate. {wanted}" : $"No file was picked, or it is empty. {wanted}");
        }

        var content = new byte[file.Length];
        await using (var stream = file.OpenReadStream())
        {
            await stream.ReadExactlyAsync(content, cancellationToken);
        }

        // DER begins with a SEQUENCE of more than 127 bytes; text does not.
        var text = content is [0x30, > 0x7F, ..] ? Convert.ToBase64String(content) : Encoding.Latin1.GetString(content);
        return Pem.TryReadCertificates(text, out var certificates, out var refusal)
            ? (certificates, null)
            : ([], $"{refusal.Reason.Title} {refusal.Detail} {wanted}");
    }
}
