using System.Formats.Asn1;

namespace Perennial.Authority.Authorities;

/// <summary>Encodes name constraints.</summary>
internal static class NameScopeWriter
{
    private static readonly Asn1Tag Permitted = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Excluded = new(TagClass.ContextSpecific, 1, isConstructed: true);
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag DirectoryName = new(TagClass.ContextSpecific, 4, isConstructed: true);

    internal static byte[] Write(NameScope scope)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteSubtrees(writer, Permitted, scope.PermittedSubjects, scope.PermittedDnsNames);
            WriteSubtrees(writer, Excluded, scope.ExcludedSubjects, scope.ExcludedDnsNames);
        }

        return writer.Encode();
    }

    private static void WriteSubtrees(AsnWriter writer, Asn1Tag tag, IReadOnlyList<ReadOnlyMemory<byte>> subjects, IReadOnlyList<string> names)
    {
        if (subjects.Count + names.Count == 0)
        {
            return;
        }

        using (writer.PushSequence(tag))
        {
            foreach (var subject in subjects)
            {
                using (writer.PushSequence())
                using (writer.PushSequence(DirectoryName))
                {
                    writer.WriteEncodedValue(subject.Span);
                }
            }

            foreach (var name in names)
            {
                using (writer.PushSequence())
                {
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, name, DnsName);
                }
            }
        }
    }
}
