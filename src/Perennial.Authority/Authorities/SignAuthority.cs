using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Authorities;

/// <summary>Signs certificates of authorities with the key of a slot; like those of devices they are journaled before and after.</summary>
/// <param name="journal">The journal of signatures.</param>
/// <param name="keys">The keys of the slots.</param>
/// <param name="time">The clock.</param>
public sealed class SignAuthority(IIssuanceJournal journal, OpenIssuers keys, TimeProvider time)
{
    /// <summary>The name in the journal where those of devices have their profile.</summary>
    public const string ProfileName = "authority";

    /// <summary>Signs the certificate of an authority.</summary>
    /// <param name="signer">The slot that signs; it has a certificate.</param>
    /// <param name="template">What it shall say.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="KeyUnavailableException">The key of the slot cannot be used.</exception>
    public async Task<Certificate> RunAsync(IssuerSlot signer, AuthorityTemplate template, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(template);
        var issuer = await keys.OpenAsync(signer, cancellationToken);
        var now = time.GetUtcNow();
        var plan = AuthorityPlan.Make(template, issuer.Certificate, issuer.Algorithm, now);
        var intent = new IssuanceIntent
        {
            SlotId = signer.Id,
            SerialNumber = plan.SerialNumber,
            ProfileName = ProfileName,
            CommonName = template.Name,
            KeyThumbprint = Thumbprint.Of(template.PublicKeyInfo.Span),
            Planned = plan.ToBeSigned,
            NotAfter = plan.NotAfter,
            Actor = actor,
            At = now,
        };
        await journal.TryIntendAsync(intent, cancellationToken);
        var certificate = await issuer.SignAsync(plan.ToBeSigned, issuer.Certificate, cancellationToken);
        await journal.CompleteAsync(intent, certificate, time.GetUtcNow(), CancellationToken.None);
        return certificate;
    }
}
