namespace Perennial.Hub.Queries;

/// <summary>The rows of one source, by key.</summary>
public interface IQueryRows
{
    /// <summary>
    /// Rows after this key, at most so many; fewer than asked for only when there are no more. Rows that the condition of the query
    /// cannot take may be left out, others that it does not take may be among them.
    /// </summary>
    Task<IReadOnlyList<IQueryRow>> ReadAsync(Query query, string? after, int max, CancellationToken cancellationToken);

    /// <summary>How many rows the query takes, when that is known without looking at each; otherwise null.</summary>
    Task<long?> CountAsync(Query query, CancellationToken cancellationToken);
}
