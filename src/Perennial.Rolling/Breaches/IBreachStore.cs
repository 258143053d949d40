namespace Perennial.Rolling.Breaches;

/// <summary>Storage of the breaches that operators deal with. Each write has an audit row.</summary>
public interface IBreachStore
{
    Task CreateAsync(BreachCase opened, CancellationToken cancellationToken);

    Task<BreachCase?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Those that are open first, then the newest.</summary>
    Task<IReadOnlyList<BreachCase>> ListAsync(CancellationToken cancellationToken);

    /// <returns>False when there is none that is open.</returns>
    Task<bool> TryCloseAsync(string id, string actor, DateTimeOffset at, CancellationToken cancellationToken);
}
