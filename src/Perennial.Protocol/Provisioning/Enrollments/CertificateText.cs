using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>The text forms in which clients send a certificate: PEM, base64 DER with or without line breaks, base64 of PEM. Of a bundle the first counts.</summary>
/// <remarks>Source: dps-protocol §7.6.</remarks>
public static class CertificateText
{
    /// <summary>The longest text that is read, 128 KiB.</summary>
    public const int MaxLength = 128 * 1024;

    private const string Begin = "-----BEGIN CERTIFICATE-----";
    private const string End = "-----END CERTIFICATE-----";

    /// <summary>Takes the DER out of a text. What it holds is not looked at.</summary>
    /// <param name="text">The text as received.</param>
    /// <param name="der">The bytes, when the text has one of the forms.</param>
    /// <returns>Whether it has.</returns>
    public static bool TryReadDer(string? text, [NotNullWhen(true)] out byte[]? der)
    {
        der = null;
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxLength)
        {
            return false;
        }

        if (text.Contains(Begin, StringComparison.Ordinal))
        {
            return TryReadPem(text, out der);
        }

        return TryDecode(text, out der) && (!der.AsSpan().StartsWith("-----"u8) || TryReadPem(Encoding.ASCII.GetString(der), out der));
    }

    private static bool TryReadPem(string text, [NotNullWhen(true)] out byte[]? der)
    {
        der = null;
        var start = text.IndexOf(Begin, StringComparison.Ordinal);
        var end = start < 0 ? -1 : text.IndexOf(End, start, StringComparison.Ordinal);
        return end >= 0 && TryDecode(text.AsSpan()[(start + Begin.Length)..end], out der);
    }

    private static bool TryDecode(ReadOnlySpan<char> base64, [NotNullWhen(true)] out byte[]? bytes)
    {
        var buffer = new byte[(base64.Length / 4 * 3) + 3];
        bytes = Convert.TryFromBase64Chars(base64, buffer, out var written) && written > 0 ? buffer[..written] : null;
        return bytes is not null;
    }
}
