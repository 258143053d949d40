using System.Diagnostics.CodeAnalysis;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>An issuing authority with its key at hand. It plans and lints a certificate first; only what it planned does it sign, and once.</summary>
public sealed class Issuer
{
    private readonly IIssuerKey _key;

    /// <summary>Joins a slot and its key.</summary>
    /// <param name="slot">A slot with a certificate.</param>
    /// <param name="key">The key of that certificate; not disposed with this.</param>
    /// <exception cref="ArgumentException">The slot has no certificate, or it is another key's.</exception>
    public Issuer(IssuerSlot slot, IIssuerKey key)
    {
        ArgumentNullException.ThrowIfNull(slot);
        ArgumentNullException.ThrowIfNull(key);
        Slot = slot;
        Certificate = slot.Certificate ?? throw new ArgumentException($"Issuer slot {slot.Id} has no certificate yet.", nameof(slot));
        _key = key;
        if (!Certificate.PublicKeyInfo.Span.SequenceEqual(key.PublicKeyInfo.Span))
        {
            throw new ArgumentException($"The key at {slot.Key} is not that of {Certificate}.", nameof(key));
        }
    }

    /// <summary>The slot.</summary>
    public IssuerSlot Slot { get; }

    /// <summary>The certificate of the issuer.</summary>
    public Certificate Certificate { get; }

    /// <summary>Where revocation lists and OCSP are served, the address that stands in certificates; null for none.</summary>
    public Uri? RevocationUrl { get; init; }

    internal SignatureAlgorithm Algorithm => _key.Algorithm;

    /// <summary>Plans the certificate that a profile wants for a request, and lints it.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="request">The device's request.</param>
    /// <param name="name">The name of the device.</param>
    /// <param name="now">The time of issue.</param>
    /// <param name="token">What <see cref="RedeemAsync"/> signs, when the answer is true.</param>
    /// <param name="refusal">Why not, when the answer is false.</param>
    public bool TryPrepare(
        CertificateProfile profile,
        CertificateSigningRequest request,
        CommonName name,
        DateTimeOffset now,
        [NotNullWhen(true)] out IssuanceToken? token,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(name);
        token = null;
        refusal = ProfileRules.Check(profile, request, name) ?? CheckValidity(now);
        if (refusal is not null)
        {
            return false;
        }

        var plan = CertificatePlan.Make(this, profile, request, name, now);
        if (CertificateLint.FindDifference(plan, this, profile) is { } difference)
        {
            refusal = new(IssuanceRefusals.PlanDiffers, $"Profile '{profile.Name}', device '{name}': {difference}");
            return false;
        }

        token = new(this, plan.SerialNumber, plan.NotAfter, plan.ToBeSigned);
        return true;
    }

    /// <summary>Signs what was planned.</summary>
    /// <param name="token">A token of this issuer that was not redeemed yet.</param>
    /// <param name="cancellationToken">Stops waiting; a signature may be made all the same.</param>
    /// <exception cref="KeyUnavailableException">The key cannot be used at this moment. The token is spent.</exception>
    /// <exception cref="InvalidOperationException">The token is another issuer's, or spent.</exception>
    public async Task<Certificate> RedeemAsync(IssuanceToken token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Maker != this || !token.TryRedeem())
        {
            throw new InvalidOperationException("A token is redeemed once, by the issuer that made it.");
        }

        return await SignAsync(token.Planned, Certificate, cancellationToken);
    }

    /// <summary>Signs a plan that is no device's, and looks whether the signature is the key's.</summary>
    /// <param name="planned">The bytes to sign.</param>
    /// <param name="verifier">The certificate of the key.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal Task<Certificate> SignAsync(ReadOnlyMemory<byte> planned, Certificate verifier, CancellationToken cancellationToken) =>
        SignedCertificate.MakeAsync(planned, _key, Slot.Key, verifier, cancellationToken);

    /// <summary>Makes the signature of a revocation list, or of an answer about revocation.</summary>
    /// <param name="planned">The bytes to sign.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    internal Task<byte[]> SignBytesAsync(ReadOnlyMemory<byte> planned, CancellationToken cancellationToken) =>
        _key.SignAsync(planned, cancellationToken);

    private Refusal? CheckValidity(DateTimeOffset now) => now >= Certificate.NotBefore && now < Certificate.NotAfter
        ? null
        : new(IssuanceRefusals.IssuerNotValid, $"{Certificate} of issuer '{Slot.IssuerName}' is valid from {Certificate.NotBefore:u} to {Certificate.NotAfter:u}.");
}
