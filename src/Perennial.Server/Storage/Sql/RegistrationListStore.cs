using System.Globalization;
using System.Text.Json;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Server.Fleet;

namespace Perennial.Server.Storage.Sql;

/// <summary>Lists of registrations as operators look for them. What a page costs does not grow with the fleet.</summary>
internal sealed class RegistrationListStore(SqlDatabase database)
{
    /// <param name="filter">Which.</param>
    /// <param name="from">The id beside which the page lies; null for the first page.</param>
    /// <param name="isBefore">Whether the page lies before that id; else after it.</param>
    /// <param name="size">Rows to a page.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public Task<RegistrationRowPage> ListAsync(
        RegistrationFilter filter, string? from, bool isBefore, int size, CancellationToken cancellationToken) =>
        database.ReadAsync(session => List(session, filter, from is null ? null : Keys.Of(from), isBefore && from is not null, size), cancellationToken);

    private static RegistrationRowPage List(SqlSession session, RegistrationFilter filter, string? from, bool isBefore, int size)
    {
        var rows = Rows(session, filter, from, isBefore, size + 1);
        var hasMore = rows.Count > size;
        if (hasMore)
        {
            rows.RemoveAt(size);
        }

        if (isBefore)
        {
            rows.Reverse();
        }

        var (first, last) = Bounds(filter);
        var count = Convert.ToInt32(
            session.Prepared(
                $"SELECT count(*) FROM (SELECT 1 AS one FROM registration r WHERE {Conditions(filter, isAfter: false)} LIMIT {RegistrationRowPage.MostCounted + 1}) AS counted",
                [.. Parameters(filter, first, last)]).ExecuteScalar(),
            CultureInfo.InvariantCulture);
        return new RegistrationRowPage(rows, count, isBefore ? hasMore : from is not null, isBefore || hasMore);
    }

    private static List<RegistrationRow> Rows(SqlSession session, RegistrationFilter filter, string? from, bool isBefore, int limit)
    {
        // One bound to each side: of two on the same side the database searches by one, and reads its way to the other.
        var (first, last) = Bounds(filter);
        var isAfter = !isBefore && string.CompareOrdinal(from, first) >= 0;
        (first, last) = (isAfter ? from! : first, isBefore && string.CompareOrdinal(from, last) < 0 ? from! : last);
        var sql =
            $"""
            SELECT r.etag, r.enrollment_kind, r.document, d.accepted FROM registration r LEFT JOIN sighted_device d ON d.device = r.key
            WHERE {Conditions(filter, isAfter)} ORDER BY r.key{(isBefore ? " DESC" : "")} LIMIT $limit
            """;
        using var row = session.Prepared(sql, [.. Parameters(filter, first, last), ("$limit", (long)limit)]).ExecuteReader();
        var rows = new List<RegistrationRow>();
        while (row.Read())
        {
            var registration = JsonSerializer.Deserialize(row.GetString(2), StorageJson.Default.RegistrationDocument)!
                .ToDomain(row.GetString(0), (EnrollmentKind)row.GetInt32(1));
            rows.Add(new RegistrationRow(registration, row.IsDBNull(3) ? null : new DateTimeOffset(row.GetInt64(3), TimeSpan.Zero)));
        }

        return rows;
    }

    // Texts are put together from constants: what the operator gave goes in as parameters.
    private static string Conditions(RegistrationFilter filter, bool isAfter)
    {
        var conditions = new StringBuilder(isAfter ? "r.key > $first AND r.key < $last" : "r.key >= $first AND r.key < $last");
        var isRare = filter.Status is RegistrationStatus.Failed or RegistrationStatus.Disabled;
        if (filter.Enrollment is not null)
        {
            // The rare ones are found by their own index, however many devices the enrollment has.
            conditions.Append(isRare
                ? " AND r.enrollment_kind + 0 = $kind AND r.enrollment_key || '' = $enrollment"
                : " AND r.enrollment_kind = $kind AND r.enrollment_key = $enrollment");
        }

        if (filter.Status is { } status)
        {
            conditions.Append(isRare ? $" AND r.status = {(int)status} AND r.status > 0" : " AND coalesce(r.status, 0) = 0");
        }

        return conditions.ToString();
    }

    private static (string First, string Last) Bounds(RegistrationFilter filter)
    {
        // Ids are ASCII: nothing that begins with the text stands after it and this.
        var prefix = Keys.Of(filter.Prefix ?? "");
        return (prefix, prefix + '\x7f');
    }

    private static IEnumerable<(string Name, object? Value)> Parameters(RegistrationFilter filter, string first, string last)
    {
        yield return ("$first", first);
        yield return ("$last", last);
        if (filter.Enrollment is { } enrollment)
        {
            yield return ("$kind", (long)enrollment.Kind);
            yield return ("$enrollment", Keys.Of(enrollment.Id));
        }
    }
}
