using Perennial.Authority.Authorities;
using Perennial.Authority.Issuers;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Rolls;

/// <summary>The issuer slots as rolls see them.</summary>
internal sealed class RolledIssuers(IIssuerStore issuers, TimeProvider time) : IRolledIssuers
{
    private readonly ActivatePrepared _activate = new(issuers, time);

    public async Task<(RolledIssuer? Active, RolledIssuer? Prepared)> FindAsync(string issuer, CancellationToken cancellationToken)
    {
        var slots = (await issuers.ListAsync(cancellationToken)).Where(slot => string.Equals(slot.IssuerName, issuer, StringComparison.OrdinalIgnoreCase)).ToList();
        return (Of(slots.Find(slot => slot.State == IssuerState.Active)),
            slots.Where(slot => slot is { State: IssuerState.Prepared, Certificate: not null }).ToList() is [var only] ? Of(only) : null);
    }

    public async Task<RolledIssuer?> FindSlotAsync(string slot, CancellationToken cancellationToken) => Of(await issuers.FindAsync(slot, cancellationToken));

    public async Task<bool> TryActivateAsync(string slot, string actor, CancellationToken cancellationToken)
    {
        try
        {
            return await _activate.RunAsync(slot, actor, cancellationToken);
        }
        catch (IssuerChangedException)
        {
            return false;
        }
    }

    private static RolledIssuer? Of(IssuerSlot? slot) =>
        slot is { Certificate: { } own } ? new RolledIssuer(slot.Id, [own, .. slot.Above], slot.State == IssuerState.Active) : null;
}
