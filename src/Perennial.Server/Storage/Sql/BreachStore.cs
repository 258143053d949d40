using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Breaches;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>The breaches that operators deal with.</summary>
internal sealed class BreachStore(SqlDatabase database) : IBreachStore
{
    private const string Columns = "id, way, kind, enrollment, device, der, reason, actor, at, closed";

    public Task<BreachCase> OpenAsync(BreachCase opened, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            var der = opened.Compromised.Der.ToArray();
            (string, object?)[] same =
            [
                ("$way", (long)opened.Procedure), ("$kind", (long)opened.Enrollment.Kind), ("$enrollment", opened.Enrollment.Id), ("$der", der),
            ];
            var standing = Read(session.Prepared(
                    $"SELECT {Columns} FROM breach WHERE closed IS NULL AND way = $way AND kind = $kind AND enrollment = $enrollment AND der = $der", same))
                .Find(found => string.Equals(found.Device, opened.Device, StringComparison.OrdinalIgnoreCase));
            if (standing is not null)
            {
                return standing;
            }

            session.Prepared(
                $"INSERT INTO breach ({Columns}) VALUES ($id, $way, $kind, $enrollment, $device, $der, $reason, $actor, $at, NULL)",
                ("$id", opened.Id),
                ("$way", (long)opened.Procedure),
                ("$kind", (long)opened.Enrollment.Kind),
                ("$enrollment", opened.Enrollment.Id),
                ("$device", opened.Device),
                ("$der", der),
                ("$reason", opened.Reason),
                ("$actor", opened.Actor),
                ("$at", opened.At.UtcTicks)).ExecuteNonQuery();
            var told = new JsonObject { ["certificate"] = opened.Compromised.Thumbprint.ToString(), ["procedure"] = opened.Procedure.ToString(), ["reason"] = opened.Reason };
            AuditRow.Write(session, opened.At, opened.Actor, "breach.open", $"breach '{opened.Id}' of the {opened.Enrollment}", before: null, told.ToJsonString());
            return opened;
        },
        cancellationToken);

    public Task<BreachCase?> FindAsync(string id, CancellationToken cancellationToken) => database.ReadAsync(
        session => Read(session.Prepared($"SELECT {Columns} FROM breach WHERE id = $id", ("$id", id))).FirstOrDefault(), cancellationToken);

    public Task<Page<BreachCase>?> ListAsync(PageRequest page, CancellationToken cancellationToken) => database.ReadAsync<Page<BreachCase>?>(
        session =>
        {
            if (!TryReadPlace(page.After, out var state, out var at, out var id))
            {
                return null;
            }

            var found = Read(session.Prepared(
                $"""
                SELECT {Columns} FROM (SELECT {Columns}, CASE WHEN closed IS NULL THEN 0 ELSE 1 END AS state FROM breach) AS b
                WHERE state > $state OR (state = $state AND (at, id) < ($at, $id)) ORDER BY state, at DESC, id DESC LIMIT $max
                """,
                ("$state", state),
                ("$at", at),
                ("$id", id),
                ("$max", page.Size + 1L)));
            return found.Count > page.Size ? new Page<BreachCase>([.. found.Take(page.Size)], PlaceOf(found[page.Size - 1])) : new Page<BreachCase>(found, null);
        },
        cancellationToken);

    public Task<bool> TryCloseAsync(string id, string actor, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            var isClosed = session.Prepared(
                "UPDATE breach SET closed = $at WHERE id = $id AND closed IS NULL", ("$at", at.UtcTicks), ("$id", id)).ExecuteNonQuery() == 1;
            if (isClosed)
            {
                AuditRow.Write(session, at, actor, "breach.close", $"breach '{id}'", before: null, after: null);
            }

            return isClosed;
        },
        cancellationToken);

    public Task<long> CountUsersAsync(EnrollmentKey enrollment, Thumbprint certificate, CancellationToken cancellationToken) => database.ReadAsync(
        session => (long)session.Prepared(
            """
            SELECT count(*) FROM registration r JOIN sighted_device d ON d.device = r.key
            WHERE r.enrollment_kind = $kind AND r.enrollment_key = $key AND d.anchor = $anchor
            """,
            ("$kind", (long)enrollment.Kind),
            ("$key", Keys.Of(enrollment.Id)),
            ("$anchor", certificate.ToArray())).ExecuteScalar()!,
        cancellationToken);

    private static string PlaceOf(BreachCase last) =>
        string.Create(CultureInfo.InvariantCulture, $"{(last.Closed is null ? 0 : 1)}.{last.At.UtcTicks}.{last.Id}");

    // None is where the list begins: before all that are open.
    private static bool TryReadPlace(string? after, out long state, out long at, out string id)
    {
        (state, at, id) = (-1, 0, "");
        if (after is null)
        {
            return true;
        }

        var parts = after.Split('.', 3);
        id = parts[^1];
        return parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out state)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out at);
    }

    private static List<BreachCase> Read(DbCommand command)
    {
        using var rows = command.ExecuteReader();
        var found = new List<BreachCase>();
        while (rows.Read())
        {
            found.Add(new BreachCase
            {
                Id = rows.GetString(0),
                Procedure = (BreachProcedure)rows.GetInt64(1),
                Enrollment = Keys.Enrollment((EnrollmentKind)rows.GetInt64(2), rows.GetString(3)),
                Device = rows.IsDBNull(4) ? null : rows.GetString(4),
                Compromised = Certificate.TryParse(rows.GetFieldValue<byte[]>(5), out var certificate, out _)
                    ? certificate
                    : throw new InvalidDataException("The database holds a breach whose certificate cannot be read."),
                Reason = rows.GetString(6),
                Actor = rows.GetString(7),
                At = new DateTimeOffset(rows.GetInt64(8), TimeSpan.Zero),
                Closed = rows.IsDBNull(9) ? null : new DateTimeOffset(rows.GetInt64(9), TimeSpan.Zero),
            });
        }

        return found;
    }
}
