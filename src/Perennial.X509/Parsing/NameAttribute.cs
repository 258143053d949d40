using System.Formats.Asn1;
using System.Text;

namespace Perennial.X509.Parsing;

/// <summary>One attribute of a name: its type, the kind of its value and the content octets.</summary>
internal sealed record NameAttribute(string Type, Asn1Tag Tag, ReadOnlyMemory<byte> Content)
{
    private string? _prepared;

    /// <summary>The text of the value when it is of a string type and well-formed; else null.</summary>
    internal string? Text
    {
        get
        {
            if (Tag.TagClass != TagClass.Universal || Tag.IsConstructed)
            {
                return null;
            }

            try
            {
                return Decode((UniversalTagNumber)Tag.TagValue, Content.Span);
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }
    }

    /// <summary>Whether both are the same attribute after RFC 5280 §7.1: letter case and runs of spaces do not count.</summary>
    internal bool Matches(NameAttribute other) =>
        string.Equals(Type, other.Type, StringComparison.Ordinal)
        && (string.Equals(Prepared, other.Prepared, StringComparison.Ordinal) || Content.Span.SequenceEqual(other.Content.Span));

    private string Prepared => _prepared ??= Prepare();

    private static string? Decode(UniversalTagNumber kind, ReadOnlySpan<byte> content) => kind switch
    {
        UniversalTagNumber.UTF8String => Strict(Encoding.UTF8).GetString(content),
        UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.VisibleString
            or UniversalTagNumber.NumericString => Strict(Encoding.ASCII).GetString(content),
        UniversalTagNumber.T61String => Encoding.Latin1.GetString(content),
        UniversalTagNumber.BMPString => Strict(Encoding.BigEndianUnicode).GetString(content),
        UniversalTagNumber.UniversalString => Strict(new UTF32Encoding(bigEndian: true, byteOrderMark: false)).GetString(content),
        _ => null,
    };

    private static Encoding Strict(Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }

    private string Prepare()
    {
        if (Text is not { } text)
        {
            return $"#{Tag}:{Convert.ToHexString(Content.Span)}";
        }

        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', words).ToUpperInvariant();
    }
}
