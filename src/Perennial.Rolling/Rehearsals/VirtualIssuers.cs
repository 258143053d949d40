using Perennial.Rolling.Rolls;

namespace Perennial.Rolling.Rehearsals;

/// <summary>The issuing authorities of a rehearsal: the new one issues when the roll has it do so.</summary>
internal sealed class VirtualIssuers(RehearsalScene scene, VirtualClock clock) : IRolledIssuers
{
    private bool _isMoved = scene.Issuers is { Next.IsIssuing: true };

    public Task<RolledIssuer?> FindSlotAsync(string slot, CancellationToken cancellationToken) => Task.FromResult(
        scene.Issuers is not { } issuers ? null
        : slot == issuers.Old.Slot ? issuers.Old with { IsIssuing = !_isMoved }
        : slot == issuers.Next.Slot ? issuers.Next with { IsIssuing = _isMoved }
        : null);

    public Task<bool> TryActivateAsync(string slot, string actor, CancellationToken cancellationToken)
    {
        _isMoved = scene.Issuers is { IssueFault: null, Next.Own: var own } && own.NotBefore <= clock.Now && own.NotAfter > clock.Now;
        return Task.FromResult(_isMoved);
    }

    public Task<(RolledIssuer? Active, RolledIssuer? Prepared)> FindAsync(string issuer, CancellationToken cancellationToken) =>
        throw new NotSupportedException("It is no part of a rehearsal.");
}
