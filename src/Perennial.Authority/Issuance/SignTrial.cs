using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.Authority.Issuers;
using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>Signs a certificate that tries an issuing authority: it is planned, linted, journaled, signed and checked as a device's is, and never delivered.</summary>
/// <param name="journal">The journal of signatures.</param>
/// <param name="name">The name of the trial, for the record.</param>
/// <param name="time">The clock.</param>
internal sealed class SignTrial(IIssuanceJournal journal, string name, TimeProvider time)
{
    private readonly CertificateSigningRequest _request = MakeRequest(name);

    /// <returns>The leaf, or why the authority signs none now.</returns>
    public async Task<(Certificate? Leaf, Refusal? Refusal)> RunAsync(Issuer issuer, string actor, CancellationToken cancellationToken)
    {
        var profile = new CertificateProfile { Name = name, IssuerName = issuer.Slot.IssuerName, Validity = CertificateProfile.ShortestValidity };
        var now = time.GetUtcNow();
        if (!issuer.TryPrepare(profile, _request, _request.CommonName, now, out var token, out var refusal))
        {
            return (null, refusal);
        }

        var intent = new IssuanceIntent
        {
            SlotId = issuer.Slot.Id,
            SerialNumber = token.SerialNumber,
            ProfileName = name,
            CommonName = name,
            KeyThumbprint = _request.KeyThumbprint,
            Planned = token.Planned,
            NotAfter = token.NotAfter,
            Actor = actor,
            At = now,
        };
        await journal.TryIntendAsync(intent, cancellationToken);
        var leaf = await issuer.RedeemAsync(token, cancellationToken);
        await journal.AbandonAsync(intent, "a trial; never delivered", CancellationToken.None);
        return (leaf, null);
    }

    private static CertificateSigningRequest MakeRequest(string name)
    {
        using var deviceKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = new CertificateRequest($"CN={name}", deviceKey, HashAlgorithmName.SHA256).CreateSigningRequest();
        return CertificateSigningRequest.TryParse(der, out var request, out var refusal)
            ? request
            : throw new InvalidOperationException($"The request of a trial cannot be read: {refusal.Detail}");
    }
}
