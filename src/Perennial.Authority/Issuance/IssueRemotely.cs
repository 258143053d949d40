using System.Security.Cryptography;
using System.Text;
using Perennial.Authority.Issuers;
using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>
/// Has an authority outside this service issue a certificate. The request is on record before it is sent, and sent again as it was while
/// that authority has not decided; what comes back is looked at before it is taken.
/// </summary>
/// <param name="remote">The authority outside.</param>
/// <param name="journal">The journal of signatures.</param>
/// <param name="time">The clock.</param>
public sealed class IssueRemotely(IRemoteAuthority remote, IIssuanceJournal journal, TimeProvider time)
{
    private const int OperationLength = 16;
    private const int MostAbove = 5;

    internal async Task<IssuanceOutcome> RunAsync(
        IssuerSlot slot, CertificateProfile profile, IssuanceRequest request, CancellationToken cancellationToken)
    {
        var intent = IntentOf(slot, profile, request);
        var isAgain = (await journal.ListAsync(request.CommonName.Value, 1, cancellationToken)) is [{ State: IssuanceState.Issued } last] && last.SlotId == slot.Id;
        await journal.TryIntendAsync(intent, cancellationToken);
        switch (await remote.EnrollAsync(slot.Key, request.SigningRequest, isAgain, cancellationToken))
        {
            case RemoteAnswer.Issued issued:
                return await TakeAsync(issued.Certificates, slot, intent, request);
            case RemoteAnswer.Pending pending:
                return new IssuanceOutcome.Pending(intent.SerialNumber, pending.RetryAfter);
            case RemoteAnswer.Refused refused:
                return await RefuseAsync(intent, new(IssuanceRefusals.RemoteRefused, $"{request.SigningRequest} by {slot.Key.Text.Split('?')[0]}: {refused.Detail}"));
            default:
                throw new InvalidOperationException("An answer of an authority is not handled.");
        }
    }

    /// <summary>The certificates above a leaf, nearest first, as far as they are at hand.</summary>
    internal static IReadOnlyList<Certificate> Above(Certificate leaf, IReadOnlyList<Certificate> authorities)
    {
        var above = new List<Certificate>();
        var below = leaf;
        while (above.Count < MostAbove && authorities.FirstOrDefault(other => IsAbove(other, below, above)) is { } issuer)
        {
            above.Add(issuer);
            below = issuer;
        }

        return above;
    }

    private static bool IsAbove(Certificate other, Certificate below, List<Certificate> above) =>
        other.IsCertificateAuthority && other.Subject.Key == below.Issuer.Key && !above.Contains(other) && below.Thumbprint != other.Thumbprint && below.IsSignedBy(other);

    private async Task<IssuanceOutcome> TakeAsync(
        IReadOnlyList<Certificate> certificates, IssuerSlot slot, IssuanceIntent intent, IssuanceRequest request)
    {
        var leaf = certificates.FirstOrDefault(certificate => certificate.KeyThumbprint == request.SigningRequest.KeyThumbprint);
        IReadOnlyList<Certificate> above = leaf is null ? [] : Above(leaf, [.. slot.Above, .. certificates]);
        if (FaultOf(leaf, above, slot, request) is { } fault)
        {
            return await RefuseAsync(intent, new(IssuanceRefusals.RemoteDiffers, $"{slot.Key.Text.Split('?')[0]} for {request.SigningRequest}: {fault}"));
        }

        var record = await journal.CompleteAsync(intent, leaf!, time.GetUtcNow(), CancellationToken.None);
        return new IssuanceOutcome.Issued(new(record.Certificate!, Above(record.Certificate!, [.. slot.Above, .. certificates])));
    }

    private static string? FaultOf(Certificate? leaf, IReadOnlyList<Certificate> above, IssuerSlot slot, IssuanceRequest request)
    {
        if (leaf is null)
        {
            return "no certificate is for the key of the request.";
        }

        if (!leaf.TryGetCommonName(out var name, out var refusal))
        {
            return refusal.Detail;
        }

        return !name.Equals(request.CommonName) ? $"{leaf} is for '{name}', not for '{request.CommonName}'."
            : leaf.IsCertificateAuthority ? $"{leaf} is an authority's."
            : !above.Any(issuer => slot.Above.Any(known => known.Thumbprint == issuer.Thumbprint)) ? $"{leaf} is not below a certificate of its cacerts."
            : null;
    }

    private async Task<IssuanceOutcome> RefuseAsync(IssuanceIntent intent, Refusal refusal)
    {
        await journal.AbandonAsync(intent, refusal.Detail, CancellationToken.None);
        return new IssuanceOutcome.Refused(refusal);
    }

    // The same request has the same name, so that asking again goes on with the same record.
    private IssuanceIntent IntentOf(IssuerSlot slot, CertificateProfile profile, IssuanceRequest request)
    {
        var identity = $"{request.ProfileName}\n{request.CommonName}\n{request.IdempotencyKey ?? Guid.NewGuid().ToString()}\n{request.SigningRequest.KeyThumbprint}";
        var now = time.GetUtcNow();
        return new()
        {
            SlotId = slot.Id,
            SerialNumber = $"operation-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(identity)), 0, OperationLength)}",
            ProfileName = profile.Name,
            CommonName = request.CommonName.Value,
            KeyThumbprint = request.SigningRequest.KeyThumbprint,
            Planned = request.SigningRequest.Der,
            NotAfter = now + profile.Validity,
            Actor = request.Actor,
            At = now,
            IdempotencyKey = request.IdempotencyKey,
        };
    }
}
