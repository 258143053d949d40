namespace Perennial.Server.Storage.Sql;

/// <summary>Work that waits for its turn on a session, and the promise of its result.</summary>
internal abstract class SessionWork
{
    /// <summary>Does the work.</summary>
    public abstract void Run(SqlSession session);

    /// <summary>Called once the result holds; of a write, once the transaction is on disk.</summary>
    public abstract void Complete();

    /// <summary>Called when the work or its transaction failed and nothing of it is known to be stored.</summary>
    public abstract void Fail(Exception exception);
}
