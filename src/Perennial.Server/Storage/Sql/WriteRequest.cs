namespace Perennial.Server.Storage.Sql;

/// <summary>One atomic write that waits for its turn, and the promise of its result.</summary>
internal abstract class WriteRequest
{
    /// <summary>Does the work; called inside a savepoint.</summary>
    public abstract void Run(SqlSession session);

    /// <summary>Called once the transaction that holds the work is on disk, or once the work has failed by itself.</summary>
    public abstract void Complete();

    /// <summary>Called when the work or its transaction failed and nothing of it is stored.</summary>
    public abstract void Fail(Exception exception);
}
