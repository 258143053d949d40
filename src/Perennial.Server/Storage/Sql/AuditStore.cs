using System.Data.Common;
using Perennial.Server.Audit;

namespace Perennial.Server.Storage.Sql;

/// <summary>The audit trail in SQL.</summary>
internal sealed class AuditStore(SqlDatabase database) : IAuditTrail
{
    private const string Columns = "SELECT number, at, actor, action, subject, before, after, hash FROM audit";

    public Task<AuditPage> ListAsync(AuditFilter filter, long? before, int size, CancellationToken cancellationToken) =>
        database.ReadAsync(session => List(session, filter, before, size), cancellationToken);

    public Task<IReadOnlyList<AuditRecord>> ReadAsync(long after, int size, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AuditRecord>>(
            session =>
            {
                using var reader = session.Prepared(
                    $"{Columns} WHERE number > $after ORDER BY number LIMIT $size", ("$after", after), ("$size", size)).ExecuteReader();
                return Read(reader);
            },
            cancellationToken);

    private static AuditPage List(SqlSession session, AuditFilter filter, long? before, int size)
    {
        var last = (long?)session.Prepared("SELECT number FROM audit ORDER BY number DESC LIMIT 1").ExecuteScalar() ?? 0;
        var top = Math.Min(before ?? long.MaxValue, last + 1);
        var bottom = Math.Max(0, top - IAuditTrail.LookedAt);
        var (conditions, parameters) = Conditions(filter);
        using var reader = session.Prepared(
            $"{Columns} WHERE number < $top AND number >= $bottom{conditions} ORDER BY number DESC LIMIT $size",
            [("$top", top), ("$bottom", bottom), .. parameters, ("$size", size)]).ExecuteReader();
        var records = Read(reader);
        long? next = records.Count == size ? records[^1].Number : bottom;
        return new AuditPage(records, next <= 1 || (records.Count < size && StartsAfter(session, bottom, filter.From)) ? null : next);
    }

    // Entries are in the order of their times, so nothing before one that is too early can be meant.
    private static bool StartsAfter(SqlSession session, long bottom, DateTimeOffset? from) =>
        from is { } start
        && session.Prepared("SELECT at FROM audit WHERE number >= $bottom ORDER BY number LIMIT 1", ("$bottom", bottom)).ExecuteScalar() is long first
        && first < start.UtcTicks;

    private static (string Sql, List<(string Name, object? Value)> Parameters) Conditions(AuditFilter filter)
    {
        var sql = new StringBuilder();
        var parameters = new List<(string, object?)>();
        Add(filter.Actor, "lower(actor) LIKE $actor ESCAPE '!'", "$actor", text => $"%{Escaped(text!)}%");
        Add(filter.Action, "lower(action) LIKE $action ESCAPE '!'", "$action", text => $"{Escaped(text!)}%");
        Add(filter.Subject, "lower(subject) LIKE $subject ESCAPE '!'", "$subject", text => $"%{Escaped(text!)}%");
        Add(filter.From?.UtcTicks, "at >= $from", "$from", ticks => ticks!.Value);
        Add(filter.Until?.UtcTicks, "at < $until", "$until", ticks => ticks!.Value);
        return (sql.ToString(), parameters);

        void Add<T>(T value, string condition, string name, Func<T, object> translate)
        {
            if (value is not null)
            {
                sql.Append(" AND ").Append(condition);
                parameters.Add((name, translate(value)));
            }
        }
    }

    private static string Escaped(string text) => Keys.Of(text)
        .Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);

    private static List<AuditRecord> Read(DbDataReader reader)
    {
        var records = new List<AuditRecord>();
        while (reader.Read())
        {
            records.Add(new AuditRecord(
                reader.GetInt64(0),
                new AuditEntry(
                    new DateTimeOffset(reader.GetInt64(1), TimeSpan.Zero),
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.GetString(4),
                    reader.IsDBNull(5) ? null : reader.GetString(5),
                    reader.IsDBNull(6) ? null : reader.GetString(6)),
                reader.IsDBNull(7) ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>((byte[])reader.GetValue(7))));
        }

        return records;
    }
}
