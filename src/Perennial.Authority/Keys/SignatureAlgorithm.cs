using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Perennial.Authority.Keys;

/// <summary>A way to sign: what certificates call it, and the hash.</summary>
public sealed class SignatureAlgorithm
{
    private SignatureAlgorithm(string oid, HashAlgorithmName hash, bool isRsa)
    {
        Oid = oid;
        Hash = hash;
        IsRsa = isRsa;
        Identifier = Encode(oid, isRsa);
    }

    /// <summary>ECDSA with SHA-256, for P-256.</summary>
    public static SignatureAlgorithm EcdsaSha256 { get; } = new("1.2.840.10045.4.3.2", HashAlgorithmName.SHA256, isRsa: false);

    /// <summary>ECDSA with SHA-384, for P-384.</summary>
    public static SignatureAlgorithm EcdsaSha384 { get; } = new("1.2.840.10045.4.3.3", HashAlgorithmName.SHA384, isRsa: false);

    /// <summary>RSA, PKCS #1 v1.5, with SHA-256.</summary>
    public static SignatureAlgorithm RsaSha256 { get; } = new("1.2.840.113549.1.1.11", HashAlgorithmName.SHA256, isRsa: true);

    /// <summary>The object identifier.</summary>
    public string Oid { get; }

    /// <summary>The hash.</summary>
    public HashAlgorithmName Hash { get; }

    /// <summary>Whether it is RSA; otherwise it is ECDSA.</summary>
    public bool IsRsa { get; }

    /// <summary>The encoded AlgorithmIdentifier.</summary>
    public ReadOnlyMemory<byte> Identifier { get; }

    /// <summary>The object identifier.</summary>
    public override string ToString() => Oid;

    private static byte[] Encode(string oid, bool isRsa)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            if (isRsa)
            {
                writer.WriteNull();
            }
        }

        return writer.Encode();
    }
}
