using System.Formats.Asn1;

namespace Perennial.X509.Parsing;

/// <summary>Whether a certificate is an authority's, and how many intermediates may stand below it.</summary>
internal sealed record BasicConstraints(bool IsAuthority, int? PathLength)
{
    internal static BasicConstraints Read(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var isAuthority = sequence.HasData && sequence.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && sequence.ReadBoolean();
        int? length = sequence.HasData ? ReadLength(sequence) : null;
        sequence.ThrowIfNotEmpty();
        return new(isAuthority, length);
    }

    private static int ReadLength(AsnReader reader)
    {
        var length = reader.ReadInteger();
        return length.Sign < 0
            ? throw new AsnContentException("The path length is negative.")
            : length > int.MaxValue ? int.MaxValue : (int)length;
    }
}
