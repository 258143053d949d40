using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.X509.Parsing;

namespace Perennial.X509;

/// <summary>The name of a subject or an issuer.</summary>
public sealed class DistinguishedName
{
    private const int MaxShown = 200;

    private string? _text;

    internal DistinguishedName(ReadOnlyMemory<byte> der, IReadOnlyList<RelativeName> parts)
    {
        Der = der;
        Parts = parts;
        Key = Thumbprint.Of(der.Span);
    }

    /// <summary>The encoding; two names are the same issuer when their encodings are equal.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>For people: most specific part first, for instance <c>CN=dev-01, O=x</c>. Control characters are shown as <c>?</c>.</summary>
    public string Text => _text ??= Describe();

    /// <summary>SHA-256 of <see cref="Der"/>, for look-up.</summary>
    public Thumbprint Key { get; }

    internal IReadOnlyList<RelativeName> Parts { get; }

    /// <summary>The text, cut to a length that fits into a message.</summary>
    internal string Shown => IsEmpty ? "(empty)" : Text.Length > MaxShown ? $"{Text.AsSpan(0, MaxShown)}…" : Text;

    internal bool IsEmpty => Parts.Count == 0;

    /// <summary>The same as <see cref="Text"/>.</summary>
    public override string ToString() => Text;

    private string Describe()
    {
        try
        {
            var text = new X500DistinguishedName(Der.Span).Name;
            return text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
        }
        catch (CryptographicException)
        {
            return $"#{Convert.ToHexString(Der.Span)}";
        }
    }
}
