using System.Security.Cryptography;
using Perennial.X509.Parsing;

namespace Perennial.X509.Paths;

/// <summary>Verifies one signature with the platform's cryptography.</summary>
internal static class SignatureVerifier
{
    /// <summary>Whether the key made the signature on the certificate; false too for a key of the wrong kind or a point off its curve.</summary>
    internal static bool Verify(Certificate certificate, SignatureScheme scheme, SubjectPublicKey key, VerificationKeys keys)
    {
        AsymmetricAlgorithm? lent = null;
        try
        {
            return keys.TryRent(key, out lent) && Verify(certificate.Fields, scheme, lent);
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

    private static bool Verify(CertificateFields fields, SignatureScheme scheme, AsymmetricAlgorithm key) => (key, scheme.Padding) switch
    {
        (RSA rsa, { } padding) => rsa.VerifyData(fields.Signed.Span, fields.Signature.Span, scheme.Hash, padding),
        (ECDsa ecdsa, null) => ecdsa.VerifyData(
            fields.Signed.Span, fields.Signature.Span, scheme.Hash, DSASignatureFormat.Rfc3279DerSequence),
        _ => false,
    };
}
