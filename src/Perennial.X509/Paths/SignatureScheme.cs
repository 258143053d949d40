using System.Security.Cryptography;
using Perennial.X509.Parsing;

namespace Perennial.X509.Paths;

/// <summary>How a certificate is signed: the hash, and the RSA padding or null for ECDSA.</summary>
internal sealed record SignatureScheme(HashAlgorithmName Hash, RSASignaturePadding? Padding)
{
    private static readonly HashSet<string> Weak = new(StringComparer.Ordinal)
    {
        "1.2.840.113549.1.1.2", "1.2.840.113549.1.1.3", "1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", // RSA with MD2, MD4, MD5, SHA-1
        "1.2.840.10045.4.1", "1.2.840.10040.4.3", "1.3.14.3.2.3", "1.3.14.3.2.29", // ECDSA, DSA and RSA with SHA-1, RSA with MD5
    };

    /// <summary>Reads the scheme of a certificate's signature.</summary>
    /// <returns>Why the scheme is refused; null when it is fine.</returns>
    internal static Refusal? TryRead(Certificate certificate, out SignatureScheme? scheme) =>
        TryRead(certificate.Fields.SignatureAlgorithm, certificate.Describe, out scheme);

    /// <summary>Reads the scheme of any signature.</summary>
    /// <returns>Why the scheme is refused; null when it is fine.</returns>
    internal static Refusal? TryRead(AlgorithmIdentifier algorithm, Func<string> owner, out SignatureScheme? scheme)
    {
        scheme = algorithm.Oid switch
        {
            "1.2.840.113549.1.1.11" => Rsa(algorithm, HashAlgorithmName.SHA256),
            "1.2.840.113549.1.1.12" => Rsa(algorithm, HashAlgorithmName.SHA384),
            "1.2.840.113549.1.1.13" => Rsa(algorithm, HashAlgorithmName.SHA512),
            "1.2.840.10045.4.3.2" => Ecdsa(algorithm, HashAlgorithmName.SHA256),
            "1.2.840.10045.4.3.3" => Ecdsa(algorithm, HashAlgorithmName.SHA384),
            "1.2.840.10045.4.3.4" => Ecdsa(algorithm, HashAlgorithmName.SHA512),
            Oids.RsaPss => Pss(algorithm),
            _ => null,
        };
        if (scheme is not null)
        {
            return null;
        }

        var isWeak = Weak.Contains(algorithm.Oid) || (algorithm.Oid == Oids.RsaPss && IsPssWithSha1(algorithm));
        return isWeak
            ? new(CertificateRefusals.WeakSignature, $"{owner()} is signed with {algorithm.Oid} (MD5 or SHA-1); wanted SHA-256 or better.")
            : new(
                CertificateRefusals.UnsupportedAlgorithm,
                $"{owner()} is signed with {algorithm.Oid} or parameters that are not supported; wanted ECDSA or RSA with SHA-2.");
    }

    private static SignatureScheme? Rsa(AlgorithmIdentifier algorithm, HashAlgorithmName hash) =>
        algorithm.Parameters.IsEmpty || algorithm.HasNullParameters ? new(hash, RSASignaturePadding.Pkcs1) : null;

    private static SignatureScheme? Ecdsa(AlgorithmIdentifier algorithm, HashAlgorithmName hash) =>
        algorithm.Parameters.IsEmpty || algorithm.HasNullParameters ? new(hash, null) : null;

    private static bool IsPssWithSha1(AlgorithmIdentifier algorithm) =>
        PssParameters.TryRead(algorithm.Parameters, out var parameters) && parameters is { Hash: Oids.Sha1 };

    private static SignatureScheme? Pss(AlgorithmIdentifier algorithm)
    {
        if (!PssParameters.TryRead(algorithm.Parameters, out var parameters) || parameters.Hash != parameters.MaskHash)
        {
            return null;
        }

        return (parameters.Hash, parameters.SaltLength) switch
        {
            (Oids.Sha256, 32) => new(HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            (Oids.Sha384, 48) => new(HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
            (Oids.Sha512, 64) => new(HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
            _ => null,
        };
    }
}
