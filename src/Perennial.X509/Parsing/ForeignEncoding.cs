using System.Formats.Asn1;

namespace Perennial.X509.Parsing;

/// <summary>Recognises what people take for a certificate by the shape of its encoding.</summary>
internal static class ForeignEncoding
{
    /// <returns>The reason that says what it is; null when it may be a certificate or is nothing known.</returns>
    internal static RefusalReason? Recognise(ReadOnlyMemory<byte> encoding)
    {
        try
        {
            var sequence = new AsnReader(encoding, AsnEncodingRules.BER).ReadSequence();
            var tag = sequence.PeekTag();
            return tag.HasSameClassAndValue(Asn1Tag.Integer) ? RecogniseVersioned(sequence)
                : tag.HasSameClassAndValue(Asn1Tag.Sequence) ? RecogniseNested(sequence)
                : tag.HasSameClassAndValue(Asn1Tag.ObjectIdentifier) ? CertificateRefusals.NoCertificate
                : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    /// <summary>PKCS #12 is version 3 and a sequence; private keys are version 0 or 1 and a sequence, an integer or octets.</summary>
    private static RefusalReason? RecogniseVersioned(AsnReader sequence)
    {
        if (!sequence.TryReadInt32(out var version) || !sequence.HasData)
        {
            return null;
        }

        return version switch
        {
            3 => CertificateRefusals.Pkcs12Given,
            0 or 1 => CertificateRefusals.PrivateKeyGiven,
            _ => null,
        };
    }

    /// <summary>An encrypted private key is an algorithm and octets; a signing request is a sequence of version 0, name, key and attributes.</summary>
    private static RefusalReason? RecogniseNested(AsnReader sequence)
    {
        var first = sequence.ReadSequence();
        if (first.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier))
        {
            var second = sequence.PeekTag();
            return second.HasSameClassAndValue(Asn1Tag.PrimitiveOctetString) ? CertificateRefusals.PrivateKeyGiven
                : second.HasSameClassAndValue(Asn1Tag.PrimitiveBitString) ? CertificateRefusals.NoCertificate
                : null;
        }

        if (!first.TryReadInt32(out var version) || version != 0)
        {
            return null;
        }

        first.ReadSequence();
        first.ReadSequence();
        return first.HasData && first.PeekTag().TagClass == TagClass.Universal ? null : CertificateRefusals.SigningRequestGiven;
    }
}
