using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Perennial.TestCertificates;

/// <summary>Encodes and signs a certificate exactly as told, sound or not.</summary>
internal sealed class CertificateWriter(TestCertificateOptions options, X509SignatureGenerator signer)
{
    internal byte[] Write(
        ReadOnlyMemory<byte> issuer, ReadOnlyMemory<byte> subject, AsymmetricAlgorithm key, IReadOnlyList<X509Extension> extensions)
    {
        var signed = WriteSigned(issuer, subject, key, extensions);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(signed);
            WriteAlgorithm(writer, options.SignatureAlgorithm);
            writer.WriteBitString(signer.SignData(signed, options.Hash));
        }

        return writer.Encode();
    }

    private byte[] WriteSigned(
        ReadOnlyMemory<byte> issuer, ReadOnlyMemory<byte> subject, AsymmetricAlgorithm key, IReadOnlyList<X509Extension> extensions)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteVersion(writer);
            var serial = RandomNumberGenerator.GetBytes(16);
            serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
            writer.WriteInteger(serial);
            WriteAlgorithm(writer, options.SignedSignatureAlgorithm ?? options.SignatureAlgorithm);
            writer.WriteEncodedValue(issuer.Span);
            using (writer.PushSequence())
            {
                WriteTime(writer, options.NotBefore);
                WriteTime(writer, options.NotAfter);
            }

            writer.WriteEncodedValue(subject.Span);
            writer.WriteEncodedValue(TestKey.PublicKey(key));
            if (options.Version == 3)
            {
                WriteExtensions(writer, extensions);
            }
        }

        return writer.Encode();
    }

    private void WriteVersion(AsnWriter writer)
    {
        if (options.Version == 1)
        {
            return;
        }

        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        {
            writer.WriteInteger(options.Version - 1);
        }
    }

    private void WriteAlgorithm(AsnWriter writer, string? instead)
    {
        if (instead is null)
        {
            writer.WriteEncodedValue(signer.GetSignatureAlgorithmIdentifier(options.Hash));
            return;
        }

        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(instead);
        }
    }

    private static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time.Year is >= 1950 and < 2050)
        {
            writer.WriteUtcTime(time);
        }
        else
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }
    }

    private static void WriteExtensions(AsnWriter writer, IReadOnlyList<X509Extension> extensions)
    {
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
        using (writer.PushSequence())
        {
            foreach (var extension in extensions)
            {
                WriteExtension(writer, extension);
            }
        }
    }

    private static void WriteExtension(AsnWriter writer, X509Extension extension)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(extension.Oid!.Value!);
            if (extension.Critical)
            {
                writer.WriteBoolean(true);
            }

            writer.WriteOctetString(extension.RawData);
        }
    }
}
