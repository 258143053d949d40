using System.Formats.Asn1;
using System.Text;

namespace Perennial.X509.Parsing;

/// <summary>One alternative name: the content octets, and for a directory name its parts.</summary>
internal sealed record GeneralName(GeneralNameKind Kind, ReadOnlyMemory<byte> Content, IReadOnlyList<RelativeName> Parts)
{
    /// <summary>The text of an email, DNS or URI name.</summary>
    internal string Text => Encoding.ASCII.GetString(Content.Span);

    internal static GeneralName Read(AsnReader reader)
    {
        var value = reader.ReadEncodedValue();
        var tag = AsnDecoder.ReadEncodedValue(value.Span, AsnEncodingRules.DER, out var offset, out var length, out _);
        if (tag.TagClass != TagClass.ContextSpecific || tag.TagValue > (int)GeneralNameKind.RegisteredId)
        {
            throw new AsnContentException("A general name has an unknown alternative.");
        }

        var kind = (GeneralNameKind)tag.TagValue;
        var isConstructed = kind is GeneralNameKind.Other or GeneralNameKind.X400 or GeneralNameKind.Directory or GeneralNameKind.EdiParty;
        var content = value.Slice(offset, length);
        if (tag.IsConstructed != isConstructed)
        {
            throw new AsnContentException("A general name is encoded wrongly.");
        }

        if (kind is GeneralNameKind.Email or GeneralNameKind.Dns or GeneralNameKind.Uri && !Ascii.IsValid(content.Span))
        {
            throw new AsnContentException("An email, DNS or URI name is not ASCII.");
        }

        return new(kind, content, kind is GeneralNameKind.Directory ? NameReader.ReadParts(content) : []);
    }

    internal static IReadOnlyList<GeneralName> ReadList(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var names = new List<GeneralName>(2);
        do
        {
            names.Add(Read(sequence));
        }
        while (sequence.HasData);
        return names;
    }
}
