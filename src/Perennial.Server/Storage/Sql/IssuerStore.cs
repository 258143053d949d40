using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Authority.Issuers;

namespace Perennial.Server.Storage.Sql;

/// <summary>Issuer slots and the journal of their states.</summary>
internal sealed class IssuerStore(SqlDatabase database, TimeProvider time) : IIssuerStore
{
    private const string Columns = "SELECT id, state, version, certificate, document FROM issuer_slot ";

    public Task<IssuerSlot?> FindActiveAsync(string issuerName, CancellationToken cancellationToken) =>
        database.ReadAsync(session => First(session, Columns + "WHERE issuer = $key AND state = 1", Keys.Of(issuerName)), cancellationToken);

    public Task<IssuerSlot?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, id), cancellationToken);

    public Task<IReadOnlyList<IssuerSlot>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<IssuerSlot>>(
        session =>
        {
            using var rows = session.Prepared(Columns + "ORDER BY issuer").ExecuteReader();
            var slots = new List<IssuerSlot>();
            while (rows.Read())
            {
                slots.Add(Read(rows));
            }

            return [.. slots.OrderBy(slot => Keys.Of(slot.IssuerName), StringComparer.Ordinal).ThenBy(slot => slot.Created)];
        },
        cancellationToken);

    public async Task<bool> TrySaveAsync(IReadOnlyList<IssuerSlot> slots, string actor, string reason, CancellationToken cancellationToken) =>
        await database.WriteAsync(session => TrySave(session, slots, actor, reason), cancellationToken);

    // All is looked at before anything is written: a group of writes is one transaction.
    private bool TrySave(SqlSession session, IReadOnlyList<IssuerSlot> slots, string actor, string reason)
    {
        var stored = slots.ToDictionary(slot => slot.Id, slot => Find(session, slot.Id));
        if (slots.Any(slot => (stored[slot.Id]?.Version ?? 0) != slot.Version) || slots.Any(slot => HasOtherActive(session, slot, slots)))
        {
            return false;
        }

        // The one that gives up being active goes first, since no issuer has two even within a transaction.
        foreach (var slot in slots.OrderByDescending(slot => slot.State))
        {
            Save(session, slot, stored[slot.Id], actor, reason);
        }

        return true;
    }

    private static bool HasOtherActive(SqlSession session, IssuerSlot slot, IReadOnlyList<IssuerSlot> slots)
    {
        if (slot.State != IssuerState.Active)
        {
            return false;
        }

        var active = First(session, Columns + "WHERE issuer = $key AND state = 1", Keys.Of(slot.IssuerName));
        return active is not null && active.Id != slot.Id && !slots.Any(other => other.Id == active.Id && other.State != IssuerState.Active);
    }

    private void Save(SqlSession session, IssuerSlot slot, IssuerSlot? stored, string actor, string reason)
    {
        var now = time.GetUtcNow();
        session.Prepared(
            """
            INSERT INTO issuer_slot (id, issuer, state, version, certificate, document)
            VALUES ($id, $issuer, $state, $version, $certificate, $document)
            ON CONFLICT (id) DO UPDATE SET state = excluded.state, version = excluded.version, certificate = excluded.certificate,
                document = excluded.document
            """,
            ("$id", slot.Id),
            ("$issuer", Keys.Of(slot.IssuerName)),
            ("$state", (int)slot.State),
            ("$version", slot.Version + 1),
            ("$certificate", slot.Certificate?.Der.ToArray()),
            ("$document", JsonSerializer.Serialize(IssuerSlotDocument.From(slot), StorageJson.Default.IssuerSlotDocument))).ExecuteNonQuery();
        if (stored?.State != slot.State)
        {
            session.Prepared(
                "INSERT INTO issuer_journal (at, slot, state, actor, reason) VALUES ($at, $slot, $state, $actor, $reason)",
                ("$at", now.UtcTicks),
                ("$slot", slot.Id),
                ("$state", (int)slot.State),
                ("$actor", actor),
                ("$reason", reason)).ExecuteNonQuery();
        }

        AuditRow.Write(session, now, actor, "issuer.save", $"issuer slot '{slot.IssuerName}/{slot.Id}'", Describe(stored), Describe(slot));
    }

    private static IssuerSlot? Find(SqlSession session, string id) => First(session, Columns + "WHERE id = $key", id);

    private static IssuerSlot? First(SqlSession session, string sql, string key)
    {
        using var row = session.Prepared(sql, ("$key", key)).ExecuteReader();
        return row.Read() ? Read(row) : null;
    }

    private static IssuerSlot Read(DbDataReader row) =>
        JsonSerializer.Deserialize(row.GetString(4), StorageJson.Default.IssuerSlotDocument)!.ToDomain(
            row.GetString(0), (IssuerState)row.GetInt32(1), row.GetInt32(2), row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3));

    private static string? Describe(IssuerSlot? slot) => slot is null
        ? null
        : new JsonObject
        {
            ["state"] = slot.State.ToString(),
            ["key"] = slot.Key.Text,
            ["thumbprint"] = slot.Certificate?.Thumbprint.ToString(),
        }.ToJsonString();
}
