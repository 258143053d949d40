namespace Perennial.Server.Audit;

/// <summary>The stored audit trail, to be read.</summary>
internal interface IAuditTrail
{
    /// <summary>Rows that one page looks at, at most: a rare filter must not read a trail of millions in one go.</summary>
    const int LookedAt = 50_000;

    /// <summary>The entries before a number, latest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="before">Only those with a lower number; null begins with the latest.</param>
    /// <param name="size">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<AuditPage> ListAsync(AuditFilter filter, long? before, int size, CancellationToken cancellationToken);

    /// <summary>The entries after a number, earliest first, for reading the whole trail in pieces.</summary>
    /// <param name="after">Only those with a higher number; 0 begins with the first.</param>
    /// <param name="size">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<AuditRecord>> ReadAsync(long after, int size, CancellationToken cancellationToken);
}
