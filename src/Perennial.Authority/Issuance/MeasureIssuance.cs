using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>
/// Measures how fast an issuing authority signs, keys on tokens included, by trial certificates: each is planned, linted, journaled, signed and checked
/// as a device's is, and never delivered.
/// </summary>
/// <param name="journal">The journal of signatures.</param>
/// <param name="keys">The keys of the slots.</param>
/// <param name="time">The clock.</param>
public sealed class MeasureIssuance(IIssuanceJournal journal, OpenIssuers keys, TimeProvider time)
{
    private const string Trial = "capacity-trial";

    /// <summary>Signs so many trials.</summary>
    /// <param name="slot">The slot of the authority, whose key is here or on a token.</param>
    /// <param name="count">How many.</param>
    /// <param name="sideBySide">How many at a time.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What it took; null when its key cannot be used, or it signs nothing at this time.</returns>
    public async Task<TimeSpan?> RunAsync(IssuerSlot slot, int count, int sideBySide, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slot);
        using var deviceKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = new CertificateRequest($"CN={Trial}", deviceKey, HashAlgorithmName.SHA256).CreateSigningRequest();
        if (!CertificateSigningRequest.TryParse(der, out var request, out _))
        {
            throw new InvalidOperationException("The request of a trial cannot be read.");
        }

        try
        {
            var issuer = await keys.OpenAsync(slot, cancellationToken);
            var began = time.GetTimestamp();
            var signed = 0;
            await Parallel.ForAsync(
                0,
                count,
                new ParallelOptions { MaxDegreeOfParallelism = sideBySide, CancellationToken = cancellationToken },
                async (_, stop) => Interlocked.Add(ref signed, await TrySignAsync(issuer, request, actor, stop) ? 1 : 0));
            return signed == count ? time.GetElapsedTime(began) : null;
        }
        catch (KeyUnavailableException)
        {
            keys.Forget(slot.Id);
            return null;
        }
    }

    private async Task<bool> TrySignAsync(Issuer issuer, CertificateSigningRequest request, string actor, CancellationToken cancellationToken)
    {
        var profile = new CertificateProfile { Name = Trial, IssuerName = issuer.Slot.IssuerName, Validity = CertificateProfile.ShortestValidity };
        var now = time.GetUtcNow();
        if (!issuer.TryPrepare(profile, request, request.CommonName, now, out var token, out _))
        {
            return false;
        }

        var intent = new IssuanceIntent
        {
            SlotId = issuer.Slot.Id,
            SerialNumber = token.SerialNumber,
            ProfileName = Trial,
            CommonName = Trial,
            KeyThumbprint = request.KeyThumbprint,
            Planned = token.Planned,
            NotAfter = token.NotAfter,
            Actor = actor,
            At = now,
        };
        await journal.TryIntendAsync(intent, cancellationToken);
        await issuer.RedeemAsync(token, cancellationToken);
        await journal.AbandonAsync(intent, "a trial; never delivered", CancellationToken.None);
        return true;
    }
}
