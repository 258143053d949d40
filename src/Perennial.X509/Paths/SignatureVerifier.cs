using System.Security.Cryptography;
using Perennial.X509.Parsing;

namespace Perennial.X509.Paths;

/// <summary>Verifies one signature with the platform's cryptography.</summary>
internal static class SignatureVerifier
{
    /// <summary>Whether the key made the signature on the certificate; false too for a key of the wrong kind or a point off its curve.</summary>
    internal static bool Verify(Certificate certificate, SignatureScheme scheme, SubjectPublicKey key, VerificationKeys keys) =>
        Verify(certificate.Fields.Signed, certificate.Fields.Signature, scheme, key, keys);

    /// <summary>Whether the key made the signature on these bytes.</summary>
    internal static bool Verify(
        ReadOnlyMemory<byte> signed, ReadOnlyMemory<byte> signature, SignatureScheme scheme, SubjectPublicKey key, VerificationKeys keys)
    {
        AsymmetricAlgorithm? lent = null;
        try
        {
            return keys.TryRent(key, out lent) && Verify(signed.Span, signature.Span, scheme, lent);
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            keys.Return(key, lent);
        }
    }

    private static bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature, SignatureScheme scheme, AsymmetricAlgorithm key)
    {
        if (scheme.Padding is { } padding)
        {
            return key is RSA rsa && rsa.VerifyData(signed, signature, scheme.Hash, padding);
        }

        return key is ECDsa ecdsa && ecdsa.VerifyData(signed, signature, scheme.Hash, DSASignatureFormat.Rfc3279DerSequence);
    }
}
