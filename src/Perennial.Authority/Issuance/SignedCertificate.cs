using System.Formats.Asn1;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>Puts planned bytes and their signature together.</summary>
internal static class SignedCertificate
{
    /// <param name="planned">The bytes to sign.</param>
    /// <param name="key">Signs.</param>
    /// <param name="address">Where the key is, for messages.</param>
    /// <param name="verifier">A certificate of the key; null for a self-signed one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="KeyUnavailableException">The key cannot be used, or what it makes does not verify.</exception>
    internal static async Task<Certificate> MakeAsync(
        ReadOnlyMemory<byte> planned, IIssuerKey key, KeyAddress address, Certificate? verifier, CancellationToken cancellationToken)
    {
        var signature = await key.SignAsync(planned, cancellationToken);
        var der = Join(planned.Span, key.Algorithm, signature);
        if (!Certificate.TryParse(der, out var certificate, out var refusal))
        {
            throw new InvalidOperationException($"A certificate of our own making is refused: {refusal.Detail}");
        }

        return certificate.IsSignedBy(verifier ?? certificate)
            ? certificate
            : throw new KeyUnavailableException(KeyState.Failing, $"The key at {address} made a signature that does not verify. Look at the token.");
    }

    /// <summary>Encodes a signed object: what was signed, how, and the signature.</summary>
    internal static byte[] Join(ReadOnlySpan<byte> planned, SignatureAlgorithm algorithm, byte[] signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(planned);
            writer.WriteEncodedValue(algorithm.Identifier.Span);
            writer.WriteBitString(signature);
        }

        return writer.Encode();
    }
}
