using System.Formats.Asn1;

namespace Perennial.X509.Parsing;

/// <summary>Reads a DER certificate, RFC 5280 §4.1. Throws <see cref="AsnContentException"/> and nothing else.</summary>
internal static class CertificateReader
{
    private const int LastTwoDigitYear = 2049;
    private const int MaxSerialNumberLength = 20;

    internal static CertificateFields Read(ReadOnlyMemory<byte> der)
    {
        var outer = new AsnReader(der, AsnEncodingRules.DER);
        var certificate = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var signed = certificate.ReadEncodedValue();
        var signatureAlgorithm = AlgorithmIdentifier.Read(certificate);
        var signature = certificate.ReadBitString(out var unused);
        certificate.ThrowIfNotEmpty();
        if (unused != 0)
        {
            throw new AsnContentException("The signature is not a whole number of bytes.");
        }

        var body = new AsnReader(signed, AsnEncodingRules.DER).ReadSequence();
        var version = ReadVersion(body);
        var serial = ReadSerialNumber(body);
        var signedAlgorithm = AlgorithmIdentifier.Read(body);
        var issuer = NameReader.Read(body.ReadEncodedValue());
        var (notBefore, notAfter) = ReadValidity(body);
        var subject = NameReader.Read(body.ReadEncodedValue());
        var key = SubjectPublicKey.Read(body.ReadEncodedValue());
        if (issuer.IsEmpty)
        {
            throw new AsnContentException("The name of the issuer is empty.");
        }

        return new()
        {
            Signed = signed,
            Signature = signature,
            SignatureAlgorithm = signatureAlgorithm,
            SignedSignatureAlgorithm = signedAlgorithm,
            Version = version,
            SerialNumber = serial,
            Issuer = issuer,
            Subject = subject,
            NotBefore = notBefore,
            NotAfter = notAfter,
            PublicKey = key,
            Extensions = ReadExtensions(body, version),
        };
    }

    private static int ReadVersion(AsnReader body)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        if (!body.PeekTag().HasSameClassAndValue(tag))
        {
            return 1;
        }

        var wrapper = body.ReadSequence(tag);
        var known = wrapper.TryReadInt32(out var version) && version is >= 0 and <= 2;
        wrapper.ThrowIfNotEmpty();
        return known ? version + 1 : throw new AsnContentException("The version is not 1, 2 or 3.");
    }

    private static ReadOnlyMemory<byte> ReadSerialNumber(AsnReader body)
    {
        var serial = body.ReadIntegerBytes();
        var length = serial.Span is [0, _, ..] ? serial.Length - 1 : serial.Length;
        return length <= MaxSerialNumberLength ? serial : throw new AsnContentException("The serial number is longer than 20 bytes.");
    }

    private static (DateTimeOffset NotBefore, DateTimeOffset NotAfter) ReadValidity(AsnReader body)
    {
        var validity = body.ReadSequence();
        var notBefore = ReadTime(validity);
        var notAfter = ReadTime(validity);
        validity.ThrowIfNotEmpty();
        return (notBefore, notAfter);
    }

    private static DateTimeOffset ReadTime(AsnReader validity) => validity.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime)
        ? validity.ReadUtcTime(LastTwoDigitYear)
        : validity.ReadGeneralizedTime();

    private static CertificateExtensions ReadExtensions(AsnReader body, int version)
    {
        for (var identifier = 1; identifier <= 2; identifier++)
        {
            var tag = new Asn1Tag(TagClass.ContextSpecific, identifier);
            if (body.HasData && body.PeekTag().HasSameClassAndValue(tag))
            {
                body.ReadBitString(out _, tag);
            }
        }

        if (!body.HasData)
        {
            return CertificateExtensions.None;
        }

        var wrapper = body.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 3, isConstructed: true));
        body.ThrowIfNotEmpty();
        if (version < 3)
        {
            throw new AsnContentException($"A certificate of version {version} has extensions.");
        }

        var extensions = wrapper.ReadSequence();
        wrapper.ThrowIfNotEmpty();
        return ExtensionReader.Read(extensions);
    }
}
