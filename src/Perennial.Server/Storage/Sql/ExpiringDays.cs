using System.Globalization;
using Perennial.Authority.Issuers;
using Perennial.Server.Notices;

namespace Perennial.Server.Storage.Sql;

/// <summary>The ends of enrolled certificates and CA certificates by index, and those of issuers, which are few.</summary>
internal sealed class ExpiringDays(SqlDatabase database, IIssuerStore issuers) : IExpiringDays
{
    private const string Enrolled =
        "SELECT CASE WHEN kind = 0 THEN 'individual ' ELSE 'group ' END || key, not_after FROM enrollment_certificate WHERE not_after >= $from AND not_after < $until";

    private const string Authorities = "SELECT key, not_after FROM ca_certificate WHERE not_after >= $from AND not_after < $until";

    public async Task<IReadOnlyList<ExpiringDay>> ListAsync(DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        var active = (await issuers.ListAsync(cancellationToken)).Where(slot => slot.State == IssuerState.Active && slot.Certificate is not null);
        var issuing = active.Select(slot => (Name: slot.IssuerName, Day: DateOnly.FromDateTime(slot.Certificate!.NotAfter.UtcDateTime)))
            .Where(end => end.Day >= first && end.Day <= last)
            .GroupBy(end => end.Day)
            .Select(day => new ExpiringDay("issuer", day.Key, day.Count(), [.. day.Select(end => end.Name).Take(ExpiringDay.MaxNames)]));
        var (from, until) = (Ticks(first), Ticks(last.AddDays(1)));
        return
        [
            .. await database.ReadAsync(session => Days(session, "enrollment certificate", Enrolled, from, until), cancellationToken),
            .. await database.ReadAsync(session => Days(session, "CA certificate", Authorities, from, until), cancellationToken),
            .. issuing,
        ];
    }

    private static List<ExpiringDay> Days(SqlSession session, string kind, string sql, long from, long until)
    {
        var counts = new List<(long Day, long Count)>();
        using (var row = session.Prepared(
            $"SELECT not_after / $day, count(*) FROM ({sql}) AS ends GROUP BY 1 ORDER BY 1",
            ("$day", TimeSpan.TicksPerDay),
            ("$from", from),
            ("$until", until)).ExecuteReader())
        {
            while (row.Read())
            {
                counts.Add((row.GetInt64(0), Convert.ToInt64(row.GetValue(1), CultureInfo.InvariantCulture)));
            }
        }

        return [.. counts.Select(count => new ExpiringDay(kind, DateOnly.FromDayNumber((int)count.Day), count.Count, Names(session, sql, count.Day)))];
    }

    private static List<string> Names(SqlSession session, string sql, long day)
    {
        using var row = session.Prepared(
            $"{sql} LIMIT $most",
            ("$from", day * TimeSpan.TicksPerDay),
            ("$until", (day + 1) * TimeSpan.TicksPerDay),
            ("$most", (long)ExpiringDay.MaxNames)).ExecuteReader();
        var names = new List<string>();
        while (row.Read())
        {
            names.Add(row.GetString(0));
        }

        return names;
    }

    private static long Ticks(DateOnly day) => day.DayNumber * TimeSpan.TicksPerDay;
}
