namespace Perennial.Server.Storage.Sql;

/// <summary>
/// A database that speaks the stores' SQL. What a write returns for is on disk; writes are done one after the other, in groups, and each
/// of them wholly or not at all. Reads go on beside them.
/// </summary>
internal abstract class SqlDatabase : IAsyncDisposable
{
    /// <summary>Runs the work on a connection for reading.</summary>
    public abstract Task<T> ReadAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken);

    /// <summary>Runs the work as one atomic write. It may be run more than once and must change nothing but what the session writes.</summary>
    /// <param name="work">What to write.</param>
    /// <param name="cancellationToken">Stops waiting; a write already taken up is still done.</param>
    public abstract Task<T> WriteAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken);

    /// <summary>Whether it answers at this moment.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(session => session.Prepared("SELECT 1").ExecuteScalar() is not null, cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
    }

    public abstract ValueTask DisposeAsync();
}
