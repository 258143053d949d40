using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Perennial.X509.Parsing;

namespace Perennial.X509;

/// <summary>Certificates as text.</summary>
public static class Pem
{
    /// <summary>Most characters that are looked at.</summary>
    public const int MaxTextLength = 256 * 1024;

    /// <summary>
    /// Reads PEM blocks (text around them is ignored, also blocks that hold neither a certificate nor a private key),
    /// or one DER or a PEM text in base64 without header lines.
    /// </summary>
    /// <param name="text">What an operator gave; for a bundle, the leaf first.</param>
    /// <param name="certificates">The certificates in their order, when the answer is true; at least one.</param>
    /// <param name="refusal">Why not, when the answer is false.</param>
    public static bool TryReadCertificates(
        string text,
        [NotNullWhen(true)] out IReadOnlyList<Certificate>? certificates,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(text);
        certificates = null;
        if (text.Length > MaxTextLength)
        {
            refusal = new(CertificateRefusals.TextTooLarge, $"The text has {text.Length} characters, the most is {MaxTextLength}.");
            return false;
        }

        return PemBlock.IsAnyIn(text)
            ? TryReadBlocks(text, out certificates, out refusal)
            : TryReadBase64(text, out certificates, out refusal);
    }

    /// <summary>Writes one certificate as a PEM block that ends with a line feed.</summary>
    /// <param name="certificate">The certificate.</param>
    public static string Write(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return PemEncoding.WriteString("CERTIFICATE", certificate.Der.Span) + "\n";
    }

    private static bool TryReadBlocks(
        string text, [NotNullWhen(true)] out IReadOnlyList<Certificate>? certificates, [NotNullWhen(false)] out Refusal? refusal)
    {
        certificates = null;
        var blocks = PemBlock.ReadAll(text).ToList();
        refusal = RefuseBlocks(blocks);
        if (refusal is not null)
        {
            return false;
        }

        var found = new List<Certificate>();
        foreach (var block in blocks.Where(b => b.IsCertificate))
        {
            if (!TryDecode(block.Body, out var der))
            {
                refusal = new(CertificateRefusals.Malformed, $"PEM block {found.Count + 1} is not base64 between a BEGIN and an END line.");
                return false;
            }

            if (!TryReadDer(der, out var certificate, out refusal))
            {
                return false;
            }

            found.Add(certificate);
        }

        certificates = found;
        refusal = null;
        return true;
    }

    private static Refusal? RefuseBlocks(List<PemBlock> blocks)
    {
        if (blocks.Any(b => b.IsPrivateKey))
        {
            return new(CertificateRefusals.PrivateKeyGiven, "The text holds a private key; nothing of it was kept.");
        }

        if (blocks.Any(b => b.IsCertificate))
        {
            return null;
        }

        return blocks.Any(b => b.IsSigningRequest)
            ? new(CertificateRefusals.SigningRequestGiven, "The text holds a certificate request and no certificate.")
            : new(CertificateRefusals.NoCertificate, $"The text holds {blocks.Count} PEM blocks, none of them a certificate.");
    }

    private static bool TryReadBase64(
        string text, [NotNullWhen(true)] out IReadOnlyList<Certificate>? certificates, [NotNullWhen(false)] out Refusal? refusal)
    {
        certificates = null;
        if (!TryDecode(text, out var bytes) || bytes.Length == 0)
        {
            refusal = new(CertificateRefusals.NoCertificate, "The text holds neither a PEM block nor base64.");
            return false;
        }

        if (bytes.AsSpan().StartsWith("-----BEGIN "u8))
        {
            return TryReadBlocks(Encoding.Latin1.GetString(bytes), out certificates, out refusal);
        }

        certificates = TryReadDer(bytes, out var certificate, out refusal) ? [certificate] : null;
        return certificates is not null;
    }

    private static bool TryReadDer(byte[] der, [NotNullWhen(true)] out Certificate? certificate, [NotNullWhen(false)] out Refusal? refusal)
    {
        if (Certificate.TryParse(der, out certificate, out refusal))
        {
            return true;
        }

        if (refusal.Reason == CertificateRefusals.Malformed && ForeignEncoding.Recognise(der) is { } reason)
        {
            refusal = new(reason, $"The {der.Length} bytes have another shape than a certificate's.");
        }

        return false;
    }

    private static bool TryDecode(string? text, out byte[] bytes)
    {
        var buffer = new byte[((text?.Length ?? 0) * 3 / 4) + 3];
        var isBase64 = Convert.TryFromBase64String(text ?? "-", buffer, out var length);
        bytes = isBase64 ? buffer[..length] : [];
        return isBase64;
    }
}
