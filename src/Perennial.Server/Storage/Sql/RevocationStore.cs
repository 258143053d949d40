using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Perennial.Authority.Issuance;
using Perennial.Authority.Revocation;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>What is revoked, and the lists that say so.</summary>
internal sealed class RevocationStore(SqlDatabase database, TimeProvider time) : IRevocationStore
{
    public Task<bool> TryRevokeAsync(
        string slotId, string serialNumber, RevocationReason reason, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(session => TryRevoke(session, slotId, serialNumber, reason, actor), cancellationToken);

    public Task<CertificateStatus> FindAsync(string slotId, string serialNumber, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            using var row = session.Prepared(
                "SELECT serial, revoked, reason, state FROM issuance WHERE slot = $slot AND serial = $serial",
                ("$slot", slotId),
                ("$serial", serialNumber)).ExecuteReader();
            return row.Read() ? StatusOf(row) : new CertificateStatus.Unknown();
        },
        cancellationToken);

    public Task<IReadOnlyList<RevokedCertificate>> ListAsync(string slotId, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<RevokedCertificate>>(
            session =>
            {
                using var rows = session.Prepared(
                    "SELECT serial, revoked, reason FROM issuance WHERE slot = $slot AND state = 3 AND not_after >= $at ORDER BY serial",
                    ("$slot", slotId),
                    ("$at", at.UtcTicks)).ExecuteReader();
                var revoked = new List<RevokedCertificate>();
                while (rows.Read())
                {
                    revoked.Add(Read(rows));
                }

                return revoked;
            },
            cancellationToken);

    /// <summary>Changes with every certificate and every authority that is revoked, and with everything that is blocked.</summary>
    public Task<long> StampAsync(CancellationToken cancellationToken) => database.ReadAsync(
        session => Convert.ToInt64(
            session.Prepared("SELECT (SELECT count(*) FROM issuance WHERE state = 3) + (SELECT count(*) FROM issuer_slot WHERE state = 3) + (SELECT count(*) + coalesce(max(at), 0) FROM block)").ExecuteScalar(),
            CultureInfo.InvariantCulture),
        cancellationToken);

    public Task<long> CountAsync(string slotId, CancellationToken cancellationToken) => database.ReadAsync(
        session => Convert.ToInt64(
            session.Prepared("SELECT count(*) FROM issuance WHERE slot = $slot AND state = 3", ("$slot", slotId)).ExecuteScalar(),
            System.Globalization.CultureInfo.InvariantCulture),
        cancellationToken);

    public Task<StoredRevocationList?> FindListAsync(string slotId, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            using var row = session.Prepared(
                "SELECT number, der, issued, next_update, changes FROM revocation_list WHERE slot = $slot", ("$slot", slotId)).ExecuteReader();
            return row.Read()
                ? new StoredRevocationList(row.GetInt64(0), row.GetFieldValue<byte[]>(1), TimeOf(row, 2), TimeOf(row, 3), row.GetInt64(4))
                : null;
        },
        cancellationToken);

    public Task<bool> TrySaveListAsync(string slotId, StoredRevocationList list, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Prepared(
            """
            INSERT INTO revocation_list (slot, number, der, issued, next_update, changes)
            VALUES ($slot, $number, $der, $issued, $next_update, $changes)
            ON CONFLICT (slot) DO UPDATE SET number = excluded.number, der = excluded.der, issued = excluded.issued,
                next_update = excluded.next_update, changes = excluded.changes
            WHERE revocation_list.number < excluded.number
            """,
            ("$slot", slotId),
            ("$number", list.Number),
            ("$der", list.Der.ToArray()),
            ("$issued", list.Issued.UtcTicks),
            ("$next_update", list.NextUpdate.UtcTicks),
            ("$changes", list.Changes)).ExecuteNonQuery() == 1,
        cancellationToken);

    private bool TryRevoke(SqlSession session, string slotId, string serialNumber, RevocationReason reason, string actor)
    {
        var now = time.GetUtcNow();
        var changed = session.Prepared(
            "UPDATE issuance SET state = 3, revoked = $revoked, reason = $reason WHERE slot = $slot AND serial = $serial AND state = 1",
            ("$revoked", now.UtcTicks),
            ("$reason", (int)reason),
            ("$slot", slotId),
            ("$serial", serialNumber)).ExecuteNonQuery() == 1;
        if (changed)
        {
            var after = new JsonObject { ["reason"] = reason.ToString(), ["issuerSlot"] = slotId };
            NoteRevoked(session, slotId, serialNumber);
            AuditRow.Write(session, now, actor, "certificate.revoke", $"certificate {serialNumber}", before: null, after.ToJsonString());
        }

        return changed;
    }

    private static void NoteRevoked(SqlSession session, string slotId, string serialNumber)
    {
        using var row = session.Prepared(
            "SELECT device, certificate FROM issuance WHERE slot = $slot AND serial = $serial AND certificate IS NOT NULL",
            ("$slot", slotId),
            ("$serial", serialNumber)).ExecuteReader();
        if (!row.Read())
        {
            return;
        }

        var (device, leaf) = (row.GetString(0), Thumbprint.Of(row.GetFieldValue<byte[]>(1)));
        row.Close();
        DeviceChainRows.NoteRevoked(session, device, leaf);
    }

    // A signature that was intended may exist, so its number is not unknown; but no certificate was delivered with it.
    private static CertificateStatus StatusOf(DbDataReader row) => (IssuanceState)row.GetInt32(3) switch
    {
        IssuanceState.Revoked => new CertificateStatus.Revoked(Read(row)),
        IssuanceState.Issued => new CertificateStatus.Good(),
        _ => new CertificateStatus.Unknown(),
    };

    private static RevokedCertificate Read(DbDataReader row) => new(row.GetString(0), TimeOf(row, 1), (RevocationReason)row.GetInt32(2));

    private static DateTimeOffset TimeOf(DbDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);
}
