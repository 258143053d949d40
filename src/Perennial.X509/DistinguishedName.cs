using System.Diagnostics.CodeAnalysis;
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

    /// <summary>Takes the one common name.</summary>
    /// <param name="owner">Says whose name this is.</param>
    /// <param name="name">The name, when the answer is true.</param>
    /// <param name="refusal">Why not, when the answer is false: none, several, or not printable ASCII.</param>
    internal bool TryGetCommonName(
        Func<string> owner, [NotNullWhen(true)] out CommonName? name, [NotNullWhen(false)] out Refusal? refusal)
    {
        name = null;
        var found = Parts.SelectMany(p => p.Attributes).Where(a => a.Type == Oids.CommonName).Take(2).ToList();
        refusal = found.Count switch
        {
            0 => new(CertificateRefusals.NoCommonName, $"{owner()} has no CN in its subject."),
            > 1 => new(CertificateRefusals.SeveralCommonNames, $"{owner()} has more than one CN in its subject."),
            _ => null,
        };
        if (refusal is not null)
        {
            return false;
        }

        if (CommonName.TryParse(found[0].Text, out name))
        {
            return true;
        }

        refusal = new(
            CertificateRefusals.InvalidCommonName,
            $"{owner()} has a CN of {found[0].Content.Length} bytes, hex {Convert.ToHexString(found[0].Content.Span[..Math.Min(64, found[0].Content.Length)])}, "
            + "that is not 1 to 64 printable ASCII characters.");
        return false;
    }

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
