using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.Ocsp;
using Perennial.Authority.Issuers;
using Perennial.X509;

namespace Perennial.Authority.Revocation;

/// <summary>A slot as OCSP names it: by the hashes of its name and its key.</summary>
internal sealed class OcspIssuer
{
    private const string Sha1Oid = "1.3.14.3.2.26";
    private const string Sha256Oid = "2.16.840.1.101.3.4.2.1";

    private readonly byte[] _name;
    private readonly byte[] _key;

    internal OcspIssuer(IssuerSlot slot, Certificate certificate)
    {
        Slot = slot;
        _name = certificate.Subject.Der.ToArray();
        _key = KeyBits(certificate.PublicKeyInfo);
    }

    internal IssuerSlot Slot { get; }

    /// <summary>SHA-1 of the key, as a responder is named.</summary>
    internal byte[] KeyHash => Sha1(_key);

    /// <summary>Whether a certificate is asked about that this slot issued.</summary>
    internal bool IsMeant(CertID certificate)
    {
        Func<byte[], byte[]>? hash = certificate.HashAlgorithm.Algorithm.Id switch
        {
            Sha1Oid => Sha1,
            Sha256Oid => SHA256.HashData,
            _ => null,
        };
        return hash is not null
            && hash(_name).AsSpan().SequenceEqual(certificate.IssuerNameHash.GetOctets())
            && hash(_key).AsSpan().SequenceEqual(certificate.IssuerKeyHash.GetOctets());
    }

#pragma warning disable CA5350 // RFC 6960 names issuers and responders by it; it protects nothing.
    private static byte[] Sha1(byte[] bytes) => SHA1.HashData(bytes);
#pragma warning restore CA5350

    private static byte[] KeyBits(ReadOnlyMemory<byte> publicKeyInfo)
    {
        var reader = new AsnReader(publicKeyInfo, AsnEncodingRules.DER).ReadSequence();
        reader.ReadEncodedValue();
        return reader.ReadBitString(out _);
    }
}
