using System.Formats.Asn1;

namespace Perennial.X509.Parsing;

/// <summary>Reads an X.501 name.</summary>
internal static class NameReader
{
    private const int MaxAttributes = 16;

    internal static DistinguishedName Read(ReadOnlyMemory<byte> der) => new(der, ReadParts(der));

    internal static IReadOnlyList<RelativeName> ReadParts(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var parts = new List<RelativeName>(4);
        while (sequence.HasData)
        {
            parts.Add(ReadPart(sequence.ReadSetOf(skipSortOrderValidation: true)));
        }

        return parts;
    }

    private static RelativeName ReadPart(AsnReader set)
    {
        var attributes = new List<NameAttribute>(1);
        do
        {
            if (attributes.Count == MaxAttributes)
            {
                throw new AsnContentException($"One part of a name has more than {MaxAttributes} attributes.");
            }

            var attribute = set.ReadSequence();
            var type = attribute.ReadObjectIdentifier();
            var value = attribute.ReadEncodedValue();
            attribute.ThrowIfNotEmpty();
            var tag = AsnDecoder.ReadEncodedValue(value.Span, AsnEncodingRules.DER, out var offset, out var length, out _);
            attributes.Add(new(type, tag, value.Slice(offset, length)));
        }
        while (set.HasData);
        return new(attributes);
    }
}
