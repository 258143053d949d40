using System.Globalization;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Fleet;
using Perennial.Server.Fleet;

namespace Perennial.Server.Storage.Sql;

/// <summary>Lists of enrollments as operators look for them.</summary>
internal sealed class EnrollmentListStore(SqlDatabase database, TimeProvider time)
{
    // The sum keeps SQLite from going through the primary key: the index of the ends is the way. The kind is not among the columns, so that no
    // condition on it is moved in here.
    private const string Ending =
        "(SELECT DISTINCT c.key AS key FROM enrollment_certificate c WHERE c.kind + 0 = $kind AND c.not_after >= $from AND c.not_after < $until)";

    /// <summary>One page, and how many rows there are before it and in all.</summary>
    public Task<EnrollmentRowPage> ListAsync(EnrollmentFilter filter, EnrollmentPlace place, CancellationToken cancellationToken) =>
        database.ReadAsync(session => List(session, filter, place), cancellationToken);

    /// <summary>How many enrollments match.</summary>
    public Task<long> CountAsync(EnrollmentFilter filter, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Count(session, filter, ""), cancellationToken);

    /// <summary>Ids that match, in their order, after this one.</summary>
    public Task<IReadOnlyList<EnrollmentKey>> FindAsync(EnrollmentFilter filter, string? after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<EnrollmentKey>>(
            session => [.. Keys(session, filter, new EnrollmentPlace(false, after, false, limit)).Select(row => Sql.Keys.Enrollment(filter.Kind, row.Key))],
            cancellationToken);

    private EnrollmentRowPage List(SqlSession session, EnrollmentFilter filter, EnrollmentPlace place)
    {
        var keys = Keys(session, filter, place with { Size = place.Size + 1 });
        var hasMore = keys.Count > place.Size;
        if (hasMore)
        {
            keys.RemoveAt(keys.Count - 1);
        }

        if (place.IsBefore)
        {
            keys.Reverse();
        }

        var rows = keys.Select(row => new EnrollmentRow(EnrollmentRows.Find(session, filter.Kind, row.Key)!, row.State)).ToList();
        if (place.From is null && !hasMore)
        {
            return new EnrollmentRowPage(rows, rows.Count, 0, HasNext: false);
        }

        var total = Count(session, filter, "");
        var before = keys.Count == 0 || place.From is null
            ? 0
            : Count(session, filter, place.IsDescending ? " AND e.key > $bound" : " AND e.key < $bound", keys[0].Key);
        return new EnrollmentRowPage(rows, total, before, place.IsBefore ? before + rows.Count < total : hasMore);
    }

    private List<(string Key, DeviceState? State)> Keys(SqlSession session, EnrollmentFilter filter, EnrollmentPlace place)
    {
        var isFalling = place.IsDescending != place.IsBefore;
        var bound = place.From is null ? "" : isFalling ? " AND e.key < $bound" : " AND e.key > $bound";
        var sql = $"SELECT e.key, e.state FROM enrollment e WHERE e.kind = $kind{Conditions(filter)}{bound} ORDER BY e.key{(isFalling ? " DESC" : "")} LIMIT $limit";
        using var row = session.Prepared(
            sql, [.. Parameters(filter, place.From is { } from ? Sql.Keys.Of(from) : null), ("$limit", (long)place.Size)]).ExecuteReader();
        var rows = new List<(string Key, DeviceState? State)>();
        while (row.Read())
        {
            rows.Add((row.GetString(0), row.IsDBNull(1) ? null : (DeviceState)row.GetInt64(1)));
        }

        return rows;
    }

    private long Count(SqlSession session, EnrollmentFilter filter, string bound, string? key = null)
    {
        // What is asked of ids and ends alone is counted without looking at the enrollments.
        var isOfIds = filter is { EndsWithinDays: not null, IsEnabled: null, Attestation: null, State: null };
        var source = isOfIds
            ? $"{Ending} AS e WHERE 1 = 1{Conditions(filter with { EndsWithinDays = null })}"
            : $"enrollment e WHERE e.kind = $kind{Conditions(filter)}";
        return Convert.ToInt64(
            session.Prepared($"SELECT count(*) FROM {source}{bound}", [.. Parameters(filter, key)]).ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    // Texts are put together from constants: what the operator gave goes in as parameters.
    private static string Conditions(EnrollmentFilter filter)
    {
        var conditions = new StringBuilder();
        if (filter.Text is not null)
        {
            conditions.Append(filter.IsAnywhere ? " AND e.key LIKE $text ESCAPE '\\'" : " AND e.key >= $text AND e.key < $text_end");
        }

        if (filter.IsEnabled is { } isEnabled)
        {
            // A constant, so that the index of the disabled ones is used.
            conditions.Append(isEnabled ? " AND e.enabled = 1" : " AND e.enabled = 0");
        }

        if (filter.Attestation is not null)
        {
            conditions.Append(" AND e.attestation = $attestation");
        }

        if (filter.State is not null)
        {
            conditions.Append(" AND e.state = $state");
        }

        if (filter.EndsWithinDays is not null)
        {
            conditions.Append(" AND e.key IN ").Append(Ending);
        }

        return conditions.ToString();
    }

    private IEnumerable<(string Name, object? Value)> Parameters(EnrollmentFilter filter, string? bound)
    {
        yield return ("$kind", (long)filter.Kind);
        if (filter.Text is { } text)
        {
            var key = Sql.Keys.Of(text);
            yield return ("$text", filter.IsAnywhere ? $"%{Escaped(key)}%" : key);
            if (!filter.IsAnywhere)
            {
                // Ids are ASCII: nothing that begins with the text stands after it and this.
                yield return ("$text_end", key + '\x7f');
            }
        }

        if (filter.Attestation is { } attestation)
        {
            yield return ("$attestation", (long)attestation);
        }

        if (filter.State is { } state)
        {
            yield return ("$state", (long)state);
        }

        if (filter.EndsWithinDays is { } days)
        {
            var now = time.GetUtcNow();
            yield return ("$from", days == 0 ? 1L : now.UtcTicks);
            yield return ("$until", (days == 0 ? now : now.AddDays(days)).UtcTicks);
        }

        if (bound is not null)
        {
            yield return ("$bound", bound);
        }
    }

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
