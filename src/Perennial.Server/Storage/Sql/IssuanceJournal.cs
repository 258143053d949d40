using System.Data.Common;
using System.Text.Json.Nodes;
using Perennial.Authority.Issuance;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>The journal of signatures.</summary>
internal sealed class IssuanceJournal(SqlDatabase database) : IIssuanceJournal
{
    private const string Columns = "SELECT slot, serial, state, at, profile, name, subject_key, not_after, certificate FROM issuance ";

    public Task<bool> TryIntendAsync(IssuanceIntent intent, CancellationToken cancellationToken) =>
        database.WriteAsync(session => TryIntend(session, intent), cancellationToken);

    public Task<IssuanceRecord> CompleteAsync(
        IssuanceIntent intent, Certificate certificate, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Complete(session, intent, certificate, at), cancellationToken);

    public Task AbandonAsync(IssuanceIntent intent, string reason, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Abandon(session, intent, reason), cancellationToken);

    public Task<IssuanceRecord?> FindIssuedAsync(
        string profileName, string commonName, string idempotencyKey, CancellationToken cancellationToken) =>
        database.ReadAsync(session => FindIssued(session, profileName, commonName, idempotencyKey), cancellationToken);

    public Task<IReadOnlyList<IssuanceRecord>> ListAsync(string commonName, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<IssuanceRecord>>(
            session =>
            {
                using var rows = session.Prepared(
                    Columns + "WHERE device = $device ORDER BY at DESC LIMIT $limit",
                    ("$device", Keys.Of(commonName)),
                    ("$limit", limit)).ExecuteReader();
                var records = new List<IssuanceRecord>();
                while (rows.Read())
                {
                    records.Add(Read(rows));
                }

                return records;
            },
            cancellationToken);

    private static bool TryIntend(SqlSession session, IssuanceIntent intent) =>
        session.Prepared(
            """
            INSERT INTO issuance (slot, serial, state, at, profile, device, name, subject_key, not_after, actor, idempotency, planned)
            VALUES ($slot, $serial, 0, $at, $profile, $device, $name, $subject_key, $not_after, $actor, $idempotency, $planned)
            ON CONFLICT (slot, serial) DO NOTHING
            """,
            ("$slot", intent.SlotId),
            ("$serial", intent.SerialNumber),
            ("$at", intent.At.UtcTicks),
            ("$profile", Keys.Of(intent.ProfileName)),
            ("$device", Keys.Of(intent.CommonName)),
            ("$name", intent.CommonName),
            ("$subject_key", intent.KeyThumbprint.ToArray()),
            ("$not_after", intent.NotAfter.UtcTicks),
            ("$actor", intent.Actor),
            ("$idempotency", intent.IdempotencyKey),
            ("$planned", intent.Planned.ToArray())).ExecuteNonQuery() == 1;

    private static IssuanceRecord Complete(SqlSession session, IssuanceIntent intent, Certificate certificate, DateTimeOffset at)
    {
        if (intent.IdempotencyKey is { } key
            && FindIssued(session, intent.ProfileName, intent.CommonName, key) is { } earlier
            && earlier.NotAfter > at)
        {
            Abandon(session, intent, "the same request was answered meanwhile");
            return earlier;
        }

        session.Prepared(
            "UPDATE issuance SET state = 1, certificate = $certificate, not_after = $not_after, planned = NULL WHERE slot = $slot AND serial = $serial",
            ("$certificate", certificate.Der.ToArray()),
            ("$not_after", certificate.NotAfter.UtcTicks),
            ("$slot", intent.SlotId),
            ("$serial", intent.SerialNumber)).ExecuteNonQuery();
        AuditRow.Write(session, at, intent.Actor, "certificate.issue", $"certificate of '{intent.CommonName}'", before: null, Describe(intent, certificate));
        return RecordOf(intent, certificate);
    }

    private static bool Abandon(SqlSession session, IssuanceIntent intent, string reason) =>
        session.Prepared(
            "UPDATE issuance SET state = 2, remark = $remark WHERE slot = $slot AND serial = $serial AND state = 0",
            ("$remark", reason),
            ("$slot", intent.SlotId),
            ("$serial", intent.SerialNumber)).ExecuteNonQuery() == 1;

    private static IssuanceRecord? FindIssued(SqlSession session, string profileName, string commonName, string idempotencyKey)
    {
        using var row = session.Prepared(
            Columns + "WHERE device = $device AND profile = $profile AND idempotency = $idempotency AND state = 1 ORDER BY at DESC LIMIT 1",
            ("$device", Keys.Of(commonName)),
            ("$profile", Keys.Of(profileName)),
            ("$idempotency", idempotencyKey)).ExecuteReader();
        return row.Read() ? Read(row) : null;
    }

    private static IssuanceRecord Read(DbDataReader row) => new()
    {
        SlotId = row.GetString(0),
        SerialNumber = row.GetString(1),
        State = (IssuanceState)row.GetInt32(2),
        At = new DateTimeOffset(row.GetInt64(3), TimeSpan.Zero),
        ProfileName = row.GetString(4),
        CommonName = row.GetString(5),
        KeyThumbprint = Thumbprint.FromBytes(row.GetFieldValue<byte[]>(6)),
        NotAfter = new DateTimeOffset(row.GetInt64(7), TimeSpan.Zero),
        Certificate = row.IsDBNull(8) ? null : StoredCertificate.Read(row.GetFieldValue<byte[]>(8)),
    };

    private static IssuanceRecord RecordOf(IssuanceIntent intent, Certificate certificate) => new()
    {
        SlotId = intent.SlotId,
        SerialNumber = intent.SerialNumber,
        State = IssuanceState.Issued,
        At = intent.At,
        ProfileName = intent.ProfileName,
        CommonName = intent.CommonName,
        KeyThumbprint = intent.KeyThumbprint,
        NotAfter = certificate.NotAfter,
        Certificate = certificate,
    };

    private static string Describe(IssuanceIntent intent, Certificate certificate) => new JsonObject
    {
        ["profile"] = intent.ProfileName,
        ["issuerSlot"] = intent.SlotId,
        ["serialNumber"] = intent.SerialNumber,
        ["thumbprint"] = certificate.Thumbprint.ToString(),
        ["notAfter"] = certificate.NotAfter.ToString("u"),
    }.ToJsonString();
}
