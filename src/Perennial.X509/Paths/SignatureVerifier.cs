using System.Security.Cryptography;
using Perennial.X509.Parsing;

namespace Perennial.X509.Paths;

/// <summary>Verifies one signature with the platform's cryptography.</summary>
internal static class SignatureVerifier
{
    /// <summary>Whether the key made the signature on the certificate; false too for a key of the wrong kind or a point off its curve.</summary>
    internal static bool Verify(Certificate certificate, SignatureScheme scheme, SubjectPublicKey key)
    {
        try
        {
            return scheme.Padding is { } padding
                ? VerifyRsa(certificate, scheme.Hash, padding, key)
                : VerifyEcdsa(certificate, scheme.Hash, key);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool VerifyRsa(Certificate certificate, HashAlgorithmName hash, RSASignaturePadding padding, SubjectPublicKey key)
    {
        if (key.Algorithm.Oid != Oids.Rsa || !RsaPublicKey.TryRead(key, out var parts))
        {
            return false;
        }

        using var rsa = RSA.Create(parts.Parameters);
        return rsa.VerifyData(certificate.Fields.Signed.Span, certificate.Fields.Signature.Span, hash, padding);
    }

    private static bool VerifyEcdsa(Certificate certificate, HashAlgorithmName hash, SubjectPublicKey key)
    {
        if (key.Algorithm.Oid != Oids.EllipticCurve || KeyRules.CurveOf(key) is not { } curve)
        {
            return false;
        }

        var length = KeyRules.CoordinateLength(key);
        var point = key.Key.Span;
        if (point.Length != 1 + (2 * length))
        {
            return false;
        }

        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = curve,
            Q = new() { X = point.Slice(1, length).ToArray(), Y = point[(1 + length)..].ToArray() },
        });
        return ecdsa.VerifyData(certificate.Fields.Signed.Span, certificate.Fields.Signature.Span, hash, DSASignatureFormat.Rfc3279DerSequence);
    }
}
