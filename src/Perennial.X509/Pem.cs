using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Perennial.X509;

/// <summary>Certificates as text.</summary>
public static class Pem
{
    /// <summary>Most characters that are looked at.</summary>
    public const int MaxTextLength = 256 * 1024;

    /// <summary>Reads PEM blocks (text around them is ignored), or one DER in base64 without header lines.</summary>
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
        var found = new List<Certificate>();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var der = Convert.FromBase64String(rest[fields.Base64Data].ToString());
            if (!Certificate.TryParse(der, out var certificate, out refusal))
            {
                return false;
            }

            found.Add(certificate);
            rest = rest[fields.Location.End..];
        }

        refusal = found.Count == 0 ? new(CertificateRefusals.NoCertificate, "No certificate was found.") : null;
        certificates = found.Count == 0 ? null : found;
        return refusal is null;
    }

    /// <summary>Writes one certificate as a PEM block that ends with a line feed.</summary>
    /// <param name="certificate">The certificate.</param>
    public static string Write(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return PemEncoding.WriteString("CERTIFICATE", certificate.Der.Span) + "\n";
    }
}
