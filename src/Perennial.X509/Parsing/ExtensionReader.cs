using System.Formats.Asn1;

namespace Perennial.X509.Parsing;

/// <summary>Reads the extensions of a certificate, RFC 5280 §4.2.</summary>
internal static class ExtensionReader
{
    internal static CertificateExtensions Read(AsnReader sequence)
    {
        var found = new CertificateExtensions();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (sequence.HasData)
        {
            var extension = sequence.ReadSequence();
            var oid = extension.ReadObjectIdentifier();
            var isCritical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            var value = ReadOctets(extension);
            extension.ThrowIfNotEmpty();
            if (!seen.Add(oid))
            {
                found.Duplicate ??= oid;
                continue;
            }

            TakeUp(found, oid, isCritical, value);
        }

        return found;
    }

    private static void TakeUp(CertificateExtensions found, string oid, bool isCritical, ReadOnlyMemory<byte> value)
    {
        try
        {
            if (!IsUnderstood(found, oid, isCritical, value) && isCritical)
            {
                found.UnknownCritical ??= oid;
            }
        }
        catch (AsnContentException fault)
        {
            throw new AsnContentException($"In the extension {oid}: {fault.Message}", fault);
        }
    }

    /// <returns>Whether the extension is understood, so that it may be critical.</returns>
    private static bool IsUnderstood(CertificateExtensions found, string oid, bool isCritical, ReadOnlyMemory<byte> value)
    {
        switch (oid)
        {
            case Oids.BasicConstraints:
                found.BasicConstraints = BasicConstraints.Read(value);
                return true;
            case Oids.KeyUsage:
                found.KeyUsage = ReadKeyUsage(value);
                return true;
            case Oids.ExtendedKeyUsage:
                found.ExtendedKeyUsage = ReadPurposes(value);
                return true;
            case Oids.SubjectAlternativeName:
                found.AlternativeNames = GeneralName.ReadList(value);
                found.AlternativeNamesAreCritical = isCritical;
                return true;
            case Oids.NameConstraints:
                found.NameConstraints = NameConstraints.Read(value);
                return true;
            case Oids.SubjectKeyIdentifier:
                found.SubjectKeyIdentifier = ReadSubjectKeyIdentifier(value);
                return !isCritical ? true : throw new AsnContentException("The subject key identifier is critical.");
            case Oids.AuthorityKeyIdentifier:
                found.AuthorityKeyIdentifier = ReadAuthorityKeyIdentifier(value);
                return !isCritical ? true : throw new AsnContentException("The authority key identifier is critical.");
            case Oids.AuthorityInformationAccess:
                CheckAccessDescriptions(value);
                return false;
            case Oids.PolicyConstraints:
                found.HasPolicyConstraints = true;
                return true;
            // Nobody asks for a policy here, so these three can never refuse (RFC 5280 §6.1.1 d, e).
            case Oids.CertificatePolicies or Oids.PolicyMappings or Oids.InhibitAnyPolicy:
                return true;
            default:
                return false;
        }
    }

    private static KeyUses ReadKeyUsage(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var bits = reader.ReadBitString(out _);
        reader.ThrowIfNotEmpty();
        return bits is [var first, ..] ? (KeyUses)first & (KeyUses.CertificateSigning | KeyUses.DigitalSignature) : KeyUses.None;
    }

    private static List<string> ReadPurposes(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var purposes = new List<string>(2);
        do
        {
            purposes.Add(sequence.ReadObjectIdentifier());
        }
        while (sequence.HasData);
        return purposes;
    }

    private static ReadOnlyMemory<byte> ReadSubjectKeyIdentifier(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var identifier = ReadOctets(reader);
        reader.ThrowIfNotEmpty();
        return identifier;
    }

    private static ReadOnlyMemory<byte>? ReadAuthorityKeyIdentifier(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var keyTag = new Asn1Tag(TagClass.ContextSpecific, 0);
        return sequence.HasData && sequence.PeekTag().HasSameClassAndValue(keyTag) ? sequence.ReadOctetString(keyTag) : null;
    }

    private static void CheckAccessDescriptions(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        do
        {
            var description = sequence.ReadSequence();
            description.ReadObjectIdentifier();
            GeneralName.Read(description);
            description.ThrowIfNotEmpty();
        }
        while (sequence.HasData);
    }

    private static ReadOnlyMemory<byte> ReadOctets(AsnReader reader) =>
        reader.TryReadPrimitiveOctetString(out var content) ? content : throw new AsnContentException("An octet string is constructed.");
}
