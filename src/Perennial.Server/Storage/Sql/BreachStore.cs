using System.Data.Common;
using System.Text.Json.Nodes;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Breaches;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>The breaches that operators deal with.</summary>
internal sealed class BreachStore(SqlDatabase database) : IBreachStore
{
    /// <summary>Breaches of a list.</summary>
    public const int MaxListed = 200;

    private const string Columns = "id, way, kind, enrollment, device, der, reason, actor, at, closed";

    public Task CreateAsync(BreachCase opened, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            session.Prepared(
                $"INSERT INTO breach ({Columns}) VALUES ($id, $way, $kind, $enrollment, $device, $der, $reason, $actor, $at, NULL)",
                ("$id", opened.Id),
                ("$way", (long)opened.Procedure),
                ("$kind", (long)opened.Enrollment.Kind),
                ("$enrollment", opened.Enrollment.Id),
                ("$device", opened.Device),
                ("$der", opened.Compromised.Der.ToArray()),
                ("$reason", opened.Reason),
                ("$actor", opened.Actor),
                ("$at", opened.At.UtcTicks)).ExecuteNonQuery();
            var told = new JsonObject { ["certificate"] = opened.Compromised.Thumbprint.ToString(), ["procedure"] = opened.Procedure.ToString(), ["reason"] = opened.Reason };
            AuditRow.Write(session, opened.At, opened.Actor, "breach.open", $"breach '{opened.Id}' of the {opened.Enrollment}", before: null, told.ToJsonString());
            return true;
        },
        cancellationToken);

    public Task<BreachCase?> FindAsync(string id, CancellationToken cancellationToken) => database.ReadAsync(
        session => Read(session.Prepared($"SELECT {Columns} FROM breach WHERE id = $id", ("$id", id))).FirstOrDefault(), cancellationToken);

    public Task<IReadOnlyList<BreachCase>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<BreachCase>>(
        session => Read(session.Prepared(
            $"SELECT {Columns} FROM breach ORDER BY CASE WHEN closed IS NULL THEN 0 ELSE 1 END, at DESC LIMIT $max", ("$max", (long)MaxListed))),
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
