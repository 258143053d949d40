using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Dapper;

namespace Perennial.Server.Storage.Sql;

/// <summary>
/// The numbered migrations: embedded files <c>NNNN-name.sql</c>, each run once, in order, in a transaction of its own. A published one
/// is never edited.
/// </summary>
internal static class SqlMigrations
{
    /// <param name="connection">An open connection that may change the schema.</param>
    /// <param name="time">The clock.</param>
    /// <param name="translate">Makes a migration, written in SQLite's words, one of the database; null for SQLite.</param>
    public static void Apply(DbConnection connection, TimeProvider time, Func<string, string>? translate = null)
    {
        connection.Execute(Translated("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied TEXT NOT NULL)"));
        var applied = connection.Query<long>("SELECT number FROM migration").ToHashSet();
        var known = Known();
        if (applied.Except(known.Select(m => (long)m.Number)).Order().FirstOrDefault() is var newer and not 0)
        {
            throw new InvalidDataException(
                $"The database holds migration {newer}, which this version does not know. Start the newer version of perennial that made it.");
        }

        foreach (var (number, name) in known.Where(m => !applied.Contains(m.Number)))
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(Translated(Read(name)), transaction: transaction);
            connection.Execute(
                "INSERT INTO migration (number, name, applied) VALUES (@number, @name, @applied)",
                new { number, name, applied = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture) },
                transaction);
            transaction.Commit();
        }

        string Translated(string sql) => translate is null ? sql : translate(sql);
    }

    private static List<(int Number, string Name)> Known() =>
    [
        .. typeof(SqlMigrations).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => (int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name))
            .Order(),
    ];

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
