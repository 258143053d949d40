using System.Security.Cryptography.X509Certificates;
using Perennial.Authority.Issuance;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Authorities;

/// <summary>Makes the signing request of an authority.</summary>
internal static class SigningRequestDraft
{
    /// <exception cref="KeyUnavailableException">The key cannot be used.</exception>
    internal static async Task<CertificateSigningRequest> MakeAsync(byte[] subject, IIssuerKey key, CancellationToken cancellationToken)
    {
        var publicKey = PublicKey.CreateFromSubjectPublicKeyInfo(key.PublicKeyInfo.Span, out _);
        var draft = new CertificateRequest(new X500DistinguishedName(subject), publicKey, key.Algorithm.Hash);
        draft.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        draft.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        var signer = new PlanningSigner(key.Algorithm);
        draft.CreateSigningRequest(signer);
        var signature = await key.SignAsync(signer.Planned, cancellationToken);
        return CertificateSigningRequest.TryParse(SignedCertificate.Join(signer.Planned, key.Algorithm, signature), out var request, out var refusal)
            ? request
            : throw new KeyUnavailableException(KeyState.Failing, $"The key made a signing request that is refused: {refusal.Detail} Look at the token.");
    }
}
