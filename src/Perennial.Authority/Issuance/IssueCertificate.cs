using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>
/// Issues a certificate under a profile. The intent is on disk before the key is asked, and the certificate is before it is answered; a
/// key that cannot be used is told as such, and no other is used.
/// </summary>
/// <param name="profiles">The profiles.</param>
/// <param name="issuers">The issuer slots.</param>
/// <param name="journal">The journal of signatures.</param>
/// <param name="keys">The keys of the slots.</param>
/// <param name="remotely">Has authorities outside this service issue.</param>
/// <param name="time">The clock.</param>
public sealed class IssueCertificate(
    IProfileStore profiles, IIssuerStore issuers, IIssuanceJournal journal, OpenIssuers keys, IssueRemotely remotely, TimeProvider time)
{
    /// <summary>What a device is told to wait when a key cannot be used.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(15);

    private const int MaxIdempotencyKeyLength = 200;

    /// <summary>Issues, or says why not.</summary>
    /// <param name="request">What is asked for, by whom.</param>
    /// <param name="cancellationToken">Stops waiting; what was begun may be finished and found by the idempotency key.</param>
    public async Task<IssuanceOutcome> RunAsync(IssuanceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.IdempotencyKey?.Length ?? 1, MaxIdempotencyKeyLength, nameof(request));
        if (await profiles.FindAsync(request.ProfileName, cancellationToken) is not { } profile)
        {
            return new IssuanceOutcome.Refused(new(IssuanceRefusals.ProfileUnknown, $"There is no profile '{request.ProfileName}'."));
        }

        if (ProfileRules.Check(profile, request.SigningRequest, request.CommonName) is { } refusal)
        {
            return new IssuanceOutcome.Refused(refusal);
        }

        if (await FindEarlierAsync(request, cancellationToken) is { } earlier)
        {
            return earlier;
        }

        return await issuers.FindActiveAsync(profile.IssuerName, cancellationToken) is { } slot
            ? await IssueAsync(slot, profile, request, cancellationToken)
            : new IssuanceOutcome.Refused(
                new(IssuanceRefusals.IssuerInactive, $"Issuer '{profile.IssuerName}' of profile '{profile.Name}' has no active slot."));
    }

    private async Task<IssuanceOutcome?> FindEarlierAsync(IssuanceRequest request, CancellationToken cancellationToken)
    {
        if (request.IdempotencyKey is not { } key)
        {
            return null;
        }

        var record = await journal.FindIssuedAsync(request.ProfileName, request.CommonName.Value, key, cancellationToken);
        return record is null || record.NotAfter <= time.GetUtcNow() ? null : await AnswerAsync(record, request, cancellationToken);
    }

    private async Task<IssuanceOutcome> IssueAsync(
        IssuerSlot slot, CertificateProfile profile, IssuanceRequest request, CancellationToken cancellationToken)
    {
        try
        {
            if (slot.Key.IsRemote)
            {
                return await remotely.RunAsync(slot, profile, request, cancellationToken);
            }

            var issuer = await keys.OpenAsync(slot, cancellationToken);
            var now = time.GetUtcNow();
            return issuer.TryPrepare(profile, request.SigningRequest, request.CommonName, now, out var token, out var refusal)
                ? await SignAsync(issuer, token, IntentOf(issuer, token, profile, request, now), request, cancellationToken)
                : new IssuanceOutcome.Refused(refusal);
        }
        catch (KeyUnavailableException fault)
        {
            return new IssuanceOutcome.Unavailable(fault.State, fault.Message, RetryAfter);
        }
    }

    private async Task<IssuanceOutcome> SignAsync(
        Issuer issuer, IssuanceToken token, IssuanceIntent intent, IssuanceRequest request, CancellationToken cancellationToken)
    {
        if (!await journal.TryIntendAsync(intent, cancellationToken))
        {
            throw new InvalidOperationException($"Serial number {intent.SerialNumber} of slot {intent.SlotId} came twice out of 128 random bits.");
        }

        Certificate certificate;
        try
        {
            certificate = await issuer.RedeemAsync(token, cancellationToken);
        }
        catch (KeyUnavailableException fault)
        {
            keys.Forget(issuer.Slot.Id);
            await journal.AbandonAsync(intent, $"{fault.State}: {fault.Message}", CancellationToken.None);
            throw;
        }

        // From here on the certificate exists: it is stored even when nobody waits for it any more.
        var record = await journal.CompleteAsync(intent, certificate, time.GetUtcNow(), CancellationToken.None);
        return record.SerialNumber == intent.SerialNumber && record.SlotId == intent.SlotId
            ? new IssuanceOutcome.Issued(ChainOf(certificate, issuer.Slot))
            : await AnswerAsync(record, request, cancellationToken);
    }

    private async Task<IssuanceOutcome> AnswerAsync(IssuanceRecord record, IssuanceRequest request, CancellationToken cancellationToken)
    {
        if (record.KeyThumbprint != request.SigningRequest.KeyThumbprint)
        {
            return new IssuanceOutcome.Refused(new(
                IssuanceRefusals.IdempotencyKeyUsed, $"Device '{record.CommonName}' used request id '{request.IdempotencyKey}' at {record.At:u} with another key."));
        }

        var slot = await issuers.FindAsync(record.SlotId, cancellationToken)
            ?? throw new InvalidDataException($"The journal names issuer slot {record.SlotId}, which is not stored.");
        return new IssuanceOutcome.Issued(ChainOf(record.Certificate!, slot));
    }

    private static IssuedChain ChainOf(Certificate leaf, IssuerSlot slot) =>
        new(leaf, slot.Certificate is { } own ? [own, .. slot.Above] : IssueRemotely.Above(leaf, slot.Above));

    private static IssuanceIntent IntentOf(
        Issuer issuer, IssuanceToken token, CertificateProfile profile, IssuanceRequest request, DateTimeOffset now) => new()
        {
            SlotId = issuer.Slot.Id,
            SerialNumber = token.SerialNumber,
            ProfileName = profile.Name,
            CommonName = request.CommonName.Value,
            KeyThumbprint = request.SigningRequest.KeyThumbprint,
            Planned = token.Planned,
            NotAfter = token.NotAfter,
            Actor = request.Actor,
            At = now,
            IdempotencyKey = request.IdempotencyKey,
        };
}
