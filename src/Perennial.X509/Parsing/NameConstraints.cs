using System.Formats.Asn1;

namespace Perennial.X509.Parsing;

/// <summary>The names an authority may and may not issue for, RFC 5280 §4.2.1.10.</summary>
internal sealed record NameConstraints(ILookup<GeneralNameKind, GeneralName> Permitted, ILookup<GeneralNameKind, GeneralName> Excluded)
{
    private static readonly Asn1Tag PermittedTag = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag ExcludedTag = new(TagClass.ContextSpecific, 1, isConstructed: true);

    internal static NameConstraints Read(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        if (!sequence.HasData)
        {
            throw new AsnContentException("The name constraints are empty.");
        }

        var permitted = ReadSubtrees(sequence, PermittedTag);
        var excluded = ReadSubtrees(sequence, ExcludedTag);
        sequence.ThrowIfNotEmpty();
        return new(permitted.ToLookup(n => n.Kind), excluded.ToLookup(n => n.Kind));
    }

    private static List<GeneralName> ReadSubtrees(AsnReader reader, Asn1Tag tag)
    {
        var names = new List<GeneralName>();
        if (!reader.HasData || !reader.PeekTag().HasSameClassAndValue(tag))
        {
            return names;
        }

        var subtrees = reader.ReadSequence(tag);
        do
        {
            var subtree = subtrees.ReadSequence();
            names.Add(GeneralName.Read(subtree));
            SkipMinimum(subtree);
            subtree.ThrowIfNotEmpty();
        }
        while (subtrees.HasData);
        return names;
    }

    /// <summary>RFC 5280 allows a minimum of 0 only, and no maximum; some software writes the default out.</summary>
    private static void SkipMinimum(AsnReader subtree)
    {
        var minimum = new Asn1Tag(TagClass.ContextSpecific, 0);
        if (subtree.HasData && subtree.PeekTag().HasSameClassAndValue(minimum) && !subtree.ReadInteger(minimum).IsZero)
        {
            throw new AsnContentException("A name constraint has a minimum.");
        }
    }
}
