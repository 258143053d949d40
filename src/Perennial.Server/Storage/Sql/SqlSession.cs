using System.Data.Common;

namespace Perennial.Server.Storage.Sql;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
/// <param name="connection">An open connection.</param>
/// <param name="translate">Makes a statement of the stores, or the name of a parameter, one of the database; null where it is one already.</param>
internal sealed class SqlSession(DbConnection connection, Func<string, string>? translate = null) : IDisposable
{
    private readonly Dictionary<string, DbCommand> _prepared = new(StringComparer.Ordinal);

    public DbConnection Connection { get; } = connection;

    /// <summary>A statement prepared once and kept, with its parameters set.</summary>
    /// <param name="sql">SQL that SQLite and PostgreSQL both understand, with parameters as <c>$name</c>.</param>
    /// <param name="parameters">All of them, in any order; null is NULL.</param>
    public DbCommand Prepared(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = Prepare(sql, parameters);
            _prepared.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        }

        return command;
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        Connection.Dispose();
    }

    private DbCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = Connection.CreateCommand();
#pragma warning disable CA2100 // Statement texts are constants of the stores.
        command.CommandText = translate is null ? sql : translate(sql);
#pragma warning restore CA2100
        foreach (var (name, _) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = translate is null ? name : translate(name);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
