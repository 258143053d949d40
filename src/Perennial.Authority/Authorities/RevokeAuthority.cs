using Perennial.Authority.Issuers;
using Perennial.Authority.Revocation;
using Perennial.X509;

namespace Perennial.Authority.Authorities;

/// <summary>Revokes an issuing authority: its slot, and its certificate when a root of ours signed it.</summary>
/// <param name="issuers">The issuer slots.</param>
/// <param name="revocations">What is revoked.</param>
/// <param name="time">The clock.</param>
public sealed class RevokeAuthority(IIssuerStore issuers, IRevocationStore revocations, TimeProvider time)
{
    /// <summary>Revokes it. Asked again it finishes what was cut short.</summary>
    /// <param name="slotId">The slot.</param>
    /// <param name="reason">Why.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The slot; null when there is none of this id.</returns>
    /// <exception cref="IssuerChangedException">Somebody else changed the slot meanwhile.</exception>
    public async Task<IssuerSlot?> RunAsync(string slotId, RevocationReason reason, string actor, CancellationToken cancellationToken)
    {
        if (await issuers.FindAsync(slotId, cancellationToken) is not { } slot)
        {
            return null;
        }

        if (slot is { Certificate: { } own, Above: [var above, ..] } && await FindSignerAsync(above, cancellationToken) is { } signer)
        {
            await revocations.TryRevokeAsync(signer.Id, own.SerialNumber, reason, actor, cancellationToken);
        }

        if (slot.State == IssuerState.Revoked)
        {
            return slot;
        }

        var revoked = slot with { State = IssuerState.Revoked, Since = time.GetUtcNow() };
        return await issuers.TrySaveAsync([revoked], actor, reason.ToString(), cancellationToken)
            ? revoked with { Version = slot.Version + 1 }
            : throw new IssuerChangedException(slot.IssuerName);
    }

    private async Task<IssuerSlot?> FindSignerAsync(Certificate above, CancellationToken cancellationToken) =>
        (await issuers.ListAsync(cancellationToken)).FirstOrDefault(slot => slot.Certificate?.Thumbprint == above.Thumbprint);
}
