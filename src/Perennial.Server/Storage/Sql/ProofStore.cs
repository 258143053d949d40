using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Rolling.Proofs;
using Perennial.Rolling.Rolls;
using Perennial.Rolling.Sightings;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>The reports of rolls in SQL, and the facts that they are made of.</summary>
internal sealed class ProofStore(SqlDatabase database, TimeProvider time)
{
    /// <summary>Rolls that were started, have ended, and have no report of that end.</summary>
    public Task<IReadOnlyList<Roll>> ListOpenAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<Roll>>(
        session =>
        [
            .. RollRows.ListByState(session, RollState.Completed).Concat(RollRows.ListByState(session, RollState.Aborted)).Where(roll => roll.Started is not null
                && session.Prepared("SELECT 1 FROM roll_proof WHERE roll = $roll AND version = $version", ("$roll", Keys.Of(roll.Id)), ("$version", (long)roll.Version)).ExecuteScalar() is null),
        ],
        cancellationToken);

    /// <summary>The last report of a roll; null when there is none.</summary>
    public Task<(string Json, string Html)?> FindAsync(string roll, CancellationToken cancellationToken) => database.ReadAsync<(string, string)?>(
        session =>
        {
            using var row = session.Prepared("SELECT document, html FROM roll_proof WHERE roll = $roll ORDER BY number DESC LIMIT 1", ("$roll", Keys.Of(roll))).ExecuteReader();
            return row.Read() ? (row.GetString(0), row.GetString(1)) : null;
        },
        cancellationToken);

    /// <summary>The hash of the last report of all, and that of the last entry of the audit trail; null where there is none.</summary>
    public Task<(string? Previous, string? AuditHead)> ReadChainsAsync(CancellationToken cancellationToken) => database.ReadAsync(
        session => (
            session.Prepared("SELECT hash FROM roll_proof ORDER BY number DESC LIMIT 1").ExecuteScalar() as string,
            session.Prepared("SELECT hash FROM audit ORDER BY number DESC LIMIT 1").ExecuteScalar() is byte[] head ? Convert.ToHexString(head) : null),
        cancellationToken);

    /// <summary>What was done to a roll, as the audit trail has it.</summary>
    public Task<JsonArray> ReadActsAsync(Roll roll, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            using var rows = session.Prepared("SELECT number, at, actor, action, after FROM audit WHERE subject = $subject ORDER BY number", ("$subject", $"roll '{roll.Id}'")).ExecuteReader();
            var acts = new JsonArray();
            while (rows.Read())
            {
                acts.Add(new JsonObject
                {
                    ["number"] = rows.GetInt64(0),
                    ["atUtc"] = new DateTimeOffset(rows.GetInt64(1), TimeSpan.Zero).ToString("O", CultureInfo.InvariantCulture),
                    ["actor"] = rows.GetString(2),
                    ["action"] = rows.GetString(3),
                    ["after"] = rows.IsDBNull(4) ? null : rows.GetString(4),
                });
            }

            return acts;
        },
        cancellationToken);

    public Task<IReadOnlyList<ProvenDevice>> ListDevicesAsync(Roll roll, string after, int max, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ProvenDevice>>(session => ListDevices(session, roll, after, max), cancellationToken);

    /// <summary>A certificate that a device presented; null when it is not kept.</summary>
    public Task<Certificate?> FindCertificateAsync(Thumbprint thumbprint, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.Prepared("SELECT der FROM presented_certificate WHERE thumbprint = $thumbprint", ("$thumbprint", thumbprint.ToArray())).ExecuteScalar() is byte[] der
            && Certificate.TryParse(der, out var certificate, out _) ? certificate : null,
        cancellationToken);

    /// <summary>Keeps a report with an audit row, unless there is one of this end of the roll.</summary>
    public Task<bool> TrySaveAsync(Roll roll, string hash, string keyId, string json, string html, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            if (session.Prepared(
                "INSERT INTO roll_proof (roll, version, hash, document, html) VALUES ($roll, $version, $hash, $document, $html) ON CONFLICT (roll, version) DO NOTHING",
                ("$roll", Keys.Of(roll.Id)),
                ("$version", (long)roll.Version),
                ("$hash", hash),
                ("$document", json),
                ("$html", html)).ExecuteNonQuery() == 0)
            {
                return false;
            }

            var after = new JsonObject { ["sha256"] = hash, ["key"] = keyId };
            AuditRow.Write(session, time.GetUtcNow(), "roll", "roll.proof", $"roll '{roll.Id}'", before: null, after.ToJsonString());
            return true;
        },
        cancellationToken);

    private static List<ProvenDevice> ListDevices(SqlSession session, Roll roll, string after, int max)
    {
        var devices = new List<ProvenDevice>();
        using (var rows = session.Prepared(
            "SELECT device, old, wave, offered, waiver, new FROM roll_device WHERE roll = $roll AND device > $after ORDER BY device LIMIT $max",
            ("$roll", Keys.Of(roll.Id)),
            ("$after", after),
            ("$max", (long)max)).ExecuteReader())
        {
            while (rows.Read())
            {
                devices.Add(new ProvenDevice(
                    rows.GetString(0),
                    Thumbprint.FromBytes(rows.GetFieldValue<byte[]>(1)),
                    rows.IsDBNull(2) ? null : (int)rows.GetInt64(2),
                    rows.IsDBNull(3) ? null : new DateTimeOffset(rows.GetInt64(3), TimeSpan.Zero),
                    rows.IsDBNull(4) ? null : rows.GetString(4),
                    [])
                {
                    New = rows.IsDBNull(5) ? roll.Keeping : Thumbprint.FromBytes(rows.GetFieldValue<byte[]>(5)),
                });
            }
        }

        return [.. devices.Select(device => WithLeaves(session, roll, device) with { Sightings = Sightings(session, device.Device) })];
    }

    private static ProvenDevice WithLeaves(SqlSession session, Roll roll, ProvenDevice device) => roll.Kind != RollKind.IssuingCa ? device : device with
    {
        OldLeaves = Leaves(session, device.Device, roll.OldIssuer!),
        NewLeaves = Leaves(session, device.Device, roll.NewIssuer!),
    };

    private static HashSet<Thumbprint> Leaves(SqlSession session, string device, string slot)
    {
        using var rows = session.Prepared(
            "SELECT certificate FROM issuance WHERE device = $device AND slot = $slot AND certificate IS NOT NULL", ("$device", device), ("$slot", slot)).ExecuteReader();
        var found = new HashSet<Thumbprint>();
        while (rows.Read())
        {
            found.Add(Thumbprint.Of(rows.GetFieldValue<byte[]>(0)));
        }

        return found;
    }

    // The last ones, and beyond them the last one by each slot.
    private static List<SightingRecord> Sightings(SqlSession session, string device)
    {
        using var rows = session.Prepared(
            "SELECT document FROM sighting WHERE device = $device UNION SELECT document FROM slot_sighting WHERE device = $device", ("$device", device)).ExecuteReader();
        var found = new List<SightingRecord>();
        while (rows.Read())
        {
            found.Add(JsonSerializer.Deserialize(rows.GetString(0), StorageJson.Default.SightingDocument)!.ToDomain());
        }

        return [.. found.OrderBy(sighting => sighting.At)];
    }
}
