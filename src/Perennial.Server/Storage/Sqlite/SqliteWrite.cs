using Perennial.Provisioning;

namespace Perennial.Server.Storage.Sqlite;

/// <summary>A write that waits to be done inside another write's transaction.</summary>
internal sealed class SqliteWrite(Action<SqliteSession> run) : IPendingWrite
{
    public void Run(SqliteSession session) => run(session);
}
