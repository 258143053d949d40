using Perennial.Authority.Issuers;

namespace Perennial.Authority.Authorities;

/// <summary>Takes slots from state to state.</summary>
internal static class IssuerChanges
{
    /// <summary>Stores a slot as the active one of its issuer; the one that was active becomes old.</summary>
    internal static async Task<IssuerSlot> ActivateAsync(
        IIssuerStore issuers, IssuerSlot active, string actor, string reason, TimeProvider time, CancellationToken cancellationToken)
    {
        var former = await issuers.FindActiveAsync(active.IssuerName, cancellationToken);
        IReadOnlyList<IssuerSlot> slots = former is null
            ? [active]
            : [active, former with { State = IssuerState.Old, Since = time.GetUtcNow() }];
        if (!await issuers.TrySaveAsync(slots, actor, reason, cancellationToken))
        {
            throw new IssuerChangedException(active.IssuerName);
        }

        return active with { Version = active.Version + 1 };
    }
}
