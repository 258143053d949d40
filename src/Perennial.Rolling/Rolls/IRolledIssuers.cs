namespace Perennial.Rolling.Rolls;

/// <summary>The issuing authorities of this service, as far as rolls of them need.</summary>
public interface IRolledIssuers
{
    /// <summary>The authority that issues for an issuer, and the one that is prepared to follow it.</summary>
    /// <returns>Null for one that is not there, has no certificate, or, of those prepared, is not the only one.</returns>
    Task<(RolledIssuer? Active, RolledIssuer? Prepared)> FindAsync(string issuer, CancellationToken cancellationToken);

    /// <summary>An authority by the slot it stands in; null when there is none with a certificate.</summary>
    Task<RolledIssuer?> FindSlotAsync(string slot, CancellationToken cancellationToken);

    /// <summary>Has a prepared authority issue from now on; the one before issues nothing more. Doing it twice is the same as once.</summary>
    /// <returns>False when somebody else changed the issuer meanwhile, or the authority can not issue.</returns>
    Task<bool> TryActivateAsync(string slot, string actor, CancellationToken cancellationToken);
}
