namespace Perennial.Authority.Issuers;

/// <summary>The issuer slots and the journal of their states.</summary>
public interface IIssuerStore
{
    /// <summary>The slot that issues for an issuer; null when none is active.</summary>
    /// <param name="issuerName">The issuer.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IssuerSlot?> FindActiveAsync(string issuerName, CancellationToken cancellationToken);

    /// <summary>The slot of this id; null when there is none.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IssuerSlot?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>All slots, by issuer and age; operators make few.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<IssuerSlot>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores slots in one transaction, with a journal row for each new state and an audit row for each. All or none: false when one of
    /// them was changed since it was read, or when an issuer would have two active slots.
    /// </summary>
    /// <param name="slots">The slots as they shall be; each with the <see cref="IssuerSlot.Version"/> that was read, 0 for a new one.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="reason">Why, for the journal.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<bool> TrySaveAsync(IReadOnlyList<IssuerSlot> slots, string actor, string reason, CancellationToken cancellationToken);
}
