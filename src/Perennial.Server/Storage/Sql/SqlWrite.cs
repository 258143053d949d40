using Perennial.Provisioning;

namespace Perennial.Server.Storage.Sql;

/// <summary>A write that waits to be done inside another write's transaction.</summary>
internal sealed class SqlWrite(Action<SqlSession> run) : IPendingWrite
{
    public void Run(SqlSession session) => run(session);
}
