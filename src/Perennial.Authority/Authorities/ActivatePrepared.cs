using Perennial.Authority.Issuers;

namespace Perennial.Authority.Authorities;

/// <summary>Has an authority that was prepared with its certificate issue from now on. The one before becomes old: what it issued stays good.</summary>
/// <param name="issuers">The issuer slots.</param>
/// <param name="time">The clock.</param>
public sealed class ActivatePrepared(IIssuerStore issuers, TimeProvider time)
{
    /// <summary>Activates it; again it changes nothing.</summary>
    /// <param name="slotId">The slot.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether it is active; false when there is no such prepared slot with a certificate that is valid.</returns>
    /// <exception cref="IssuerChangedException">Somebody else changed the issuer meanwhile.</exception>
    public async Task<bool> RunAsync(string slotId, string actor, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        switch (await issuers.FindAsync(slotId, cancellationToken))
        {
            case { State: IssuerState.Active }:
                return true;
            case { State: IssuerState.Prepared, Certificate: { } own } slot when own.NotBefore <= now && own.NotAfter > now:
                await IssuerChanges.ActivateAsync(issuers, slot with { State = IssuerState.Active, Since = now }, actor, "prepared before", time, cancellationToken);
                return true;
            default:
                return false;
        }
    }
}
