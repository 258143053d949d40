using Perennial.Server.Metrics;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>When the certificates that are stored end.</summary>
internal sealed class ExpiryStore(SqlDatabase database)
{
    /// <summary>The days that are counted to, rising.</summary>
    public static readonly IReadOnlyList<int> Days = [7, 30, 90];

    private const int BatchSize = 200;

    private static readonly (string Kind, string Sql)[] Counts =
    [
        ("enrolled", "SELECT count(*) FROM enrollment_certificate WHERE not_after >= $from AND not_after < $until"),
        ("ca", "SELECT count(*) FROM ca_certificate WHERE not_after >= $from AND not_after < $until"),
        ("issued", "SELECT count(*) FROM issuance WHERE state = 1 AND not_after >= $from AND not_after < $until"),
    ];

    private static readonly (string Find, string Note)[] Undated =
    [
        (
            "SELECT der, thumbprint FROM enrollment_certificate WHERE not_after IS NULL LIMIT $limit",
            "UPDATE enrollment_certificate SET not_after = $not_after WHERE thumbprint = $id"),
        (
            "SELECT der, key FROM ca_certificate WHERE not_after IS NULL LIMIT $limit",
            "UPDATE ca_certificate SET not_after = $not_after WHERE key = $id"),
    ];

    /// <summary>Counts by index, each kind to each number of days.</summary>
    public Task<IReadOnlyList<ExpiryCount>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ExpiryCount>>(
            session => [.. Counts.SelectMany(count => Count(session, count.Kind, count.Sql, now))], cancellationToken);

    /// <summary>Dates some of the certificates that an older version stored.</summary>
    /// <returns>False once there are none.</returns>
    public async Task<bool> NoteUndatedAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(HasUndated, cancellationToken) && await database.WriteAsync(NoteUndated, cancellationToken);

    private static List<ExpiryCount> Count(SqlSession session, string kind, string sql, DateTimeOffset now)
    {
        var counts = new List<ExpiryCount>(Days.Count);
        var (from, total) = (now, 0L);
        foreach (var days in Days)
        {
            var until = now.AddDays(days);
            total += Convert.ToInt64(
                session.Prepared(sql, ("$from", from.UtcTicks), ("$until", until.UtcTicks)).ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
            counts.Add(new ExpiryCount(kind, days, total));
            from = until;
        }

        return counts;
    }

    private static bool HasUndated(SqlSession session) => Undated.Any(kind => Find(session, kind.Find, 1).Count > 0);

    private static bool NoteUndated(SqlSession session)
    {
        foreach (var (find, note) in Undated)
        {
            foreach (var (der, id) in Find(session, find, BatchSize))
            {
                // What cannot be read ends at the beginning of time: it is counted nowhere and asked for no more.
                var notAfter = Certificate.TryParse(der, out var certificate, out _) ? certificate.NotAfter.UtcTicks : 0L;
                session.Prepared(note, ("$not_after", notAfter), ("$id", id)).ExecuteNonQuery();
            }
        }

        return true;
    }

    private static List<(byte[] Der, object Id)> Find(SqlSession session, string sql, int limit)
    {
        using var reader = session.Prepared(sql, ("$limit", (long)limit)).ExecuteReader();
        var rows = new List<(byte[] Der, object Id)>();
        while (reader.Read())
        {
            rows.Add((reader.GetFieldValue<byte[]>(0), reader.GetValue(1)));
        }

        return rows;
    }
}
