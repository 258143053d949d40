using System.Text.Json;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>Sightings in SQL.</summary>
internal sealed class SightingStore(SqlDatabase database) : ISightingStore
{
    /// <summary>Devices kept that were never accepted: whoever may connect can invent names.</summary>
    public const int MaxRefusedDevices = 10_000;

    private const int RefusalsPerTrim = 256;

    private int _refusalsSinceTrim;

    public IPendingWrite Prepare(Sighting sighting) => new SqlWrite(session => Write(session, sighting));

    public Task RecordAsync(Sighting sighting, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                Write(session, sighting);
                return true;
            },
            cancellationToken);

    public Task<IReadOnlyList<SightingRecord>> ListAsync(string device, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<SightingRecord>>(session => Read(
            session, "SELECT document FROM sighting WHERE device = $device ORDER BY at DESC", device), cancellationToken);

    public Task<IReadOnlyList<SightingRecord>> LastBySlotAsync(string device, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<SightingRecord>>(session => Read(
            session, "SELECT document FROM slot_sighting WHERE device = $device ORDER BY at DESC", device), cancellationToken);

    public Task<ProofOfUse> ProofAsync(
        EnrollmentKey enrollment, Thumbprint certificate, int unprovenLimit, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Proof(session, enrollment, certificate, unprovenLimit), cancellationToken);

    private void Write(SqlSession session, Sighting sighting)
    {
        var device = Keys.Of(sighting.Device);
        var document = JsonSerializer.Serialize(SightingDocument.From(sighting), StorageJson.Default.SightingDocument);
        var count = (long)session.Prepared(
            """
            INSERT INTO sighted_device (device, count, anchor, accepted, leaf_ends, seen) VALUES ($device, 1, $anchor, $accepted, $leaf_ends, $seen)
            ON CONFLICT (device) DO UPDATE SET count = sighted_device.count + 1, seen = excluded.seen,
                leaf_ends = CASE WHEN excluded.accepted IS NULL THEN sighted_device.leaf_ends ELSE excluded.leaf_ends END,
                anchor = coalesce(excluded.anchor, sighted_device.anchor), accepted = coalesce(excluded.accepted, sighted_device.accepted)
            RETURNING count
            """,
            ("$device", device),
            ("$anchor", sighting.Match?.Anchor.ToArray()),
            ("$accepted", sighting.Refusal is null ? sighting.At.UtcTicks : null),
            ("$leaf_ends", sighting.Refusal is null ? sighting.Chain?.Leaf.NotAfter.UtcTicks : null),
            ("$seen", sighting.At.UtcTicks)).ExecuteScalar()!;
        session.Prepared(
            """
            INSERT INTO sighting (device, position, at, refusal, document) VALUES ($device, $position, $at, $refusal, $document)
            ON CONFLICT (device, position) DO UPDATE SET at = excluded.at, refusal = excluded.refusal, document = excluded.document
            """,
            ("$device", device),
            ("$position", count % ISightingStore.PerDevice),
            ("$at", sighting.At.UtcTicks),
            ("$refusal", sighting.Refusal?.Reason.Number),
            ("$document", document)).ExecuteNonQuery();
        if (sighting.Match is { } match)
        {
            WriteSlot(session, device, match, sighting.At, document);
            NoteIssuedLeaf(session, sighting);
            WriteChain(session, sighting, match);
        }
        else if (sighting is { Refusal: null, Chain: { } chain })
        {
            WritePresented(session, sighting.IsTraced ? chain.Issuers.Prepend(chain.Leaf) : [chain.Leaf]);
        }
        else if (++_refusalsSinceTrim >= RefusalsPerTrim)
        {
            _refusalsSinceTrim = 0;
            TrimRefused(session);
        }

        RollStandingRows.NoteSighting(session, device);
    }

    private static void TrimRefused(SqlSession session)
    {
        const string Oldest = "SELECT device FROM sighted_device WHERE accepted IS NULL ORDER BY seen DESC LIMIT 1000000000 OFFSET $kept";
        session.Prepared($"DELETE FROM sighting WHERE device IN ({Oldest})", ("$kept", MaxRefusedDevices)).ExecuteNonQuery();
        session.Prepared($"DELETE FROM sighted_device WHERE device IN ({Oldest})", ("$kept", MaxRefusedDevices)).ExecuteNonQuery();
    }

    private static void WriteSlot(SqlSession session, string device, SightingMatch match, DateTimeOffset at, string document) =>
        session.Prepared(
            """
            INSERT INTO slot_sighting (device, enrollment_kind, enrollment_key, slot, at, document)
            VALUES ($device, $kind, $key, $slot, $at, $document)
            ON CONFLICT (device, enrollment_kind, enrollment_key, slot) DO UPDATE SET at = excluded.at, document = excluded.document
            """,
            ("$device", device),
            ("$kind", (int)match.Enrollment.Kind),
            ("$key", Keys.Of(match.Enrollment.Id)),
            ("$slot", (int)match.Slot),
            ("$at", at.UtcTicks),
            ("$document", document)).ExecuteNonQuery();

    private static void NoteIssuedLeaf(SqlSession session, Sighting sighting)
    {
        if (sighting.Chain is { Leaf: var leaf })
        {
            IssuedLeafRows.NoteUse(session, leaf.Thumbprint, sighting.At);
        }
    }

    private static void WriteChain(SqlSession session, Sighting sighting, SightingMatch match)
    {
        if (sighting.Chain is not { } chain)
        {
            DeviceChainRows.Forget(session, sighting);
            return;
        }

        KnownIssuerStore.Write(session, chain, sighting.At);
        DeviceChainRows.Write(session, sighting, chain, match.Anchor);
        WritePresented(session, chain.Issuers.Prepend(chain.Leaf));
    }

    private static void WritePresented(SqlSession session, IEnumerable<Certificate> certificates)
    {
        foreach (var certificate in certificates)
        {
            session.Prepared(
                "INSERT INTO presented_certificate (thumbprint, der) VALUES ($thumbprint, $der) ON CONFLICT (thumbprint) DO NOTHING",
                ("$thumbprint", certificate.Thumbprint.ToArray()),
                ("$der", certificate.Der.ToArray())).ExecuteNonQuery();
        }
    }

    private static List<SightingRecord> Read(SqlSession session, string sql, string device)
    {
        using var reader = session.Prepared(sql, ("$device", Keys.Of(device))).ExecuteReader();
        var sightings = new List<SightingRecord>();
        while (reader.Read())
        {
            sightings.Add(JsonSerializer.Deserialize(reader.GetString(0), StorageJson.Default.SightingDocument)!.ToDomain());
        }

        return sightings;
    }

    private static ProofOfUse Proof(SqlSession session, EnrollmentKey enrollment, Thumbprint certificate, int unprovenLimit)
    {
        var (devices, proven) = Counts(session, enrollment, certificate);
        using var rows = session.Prepared(
            """
            SELECT r.key, d.accepted FROM registration r LEFT JOIN sighted_device d ON d.device = r.key
            WHERE r.enrollment_kind = $kind AND r.enrollment_key = $key AND d.anchor IS DISTINCT FROM $anchor ORDER BY r.key LIMIT $limit
            """,
            ("$anchor", certificate.ToArray()),
            ("$kind", (int)enrollment.Kind),
            ("$key", Keys.Of(enrollment.Id)),
            ("$limit", unprovenLimit)).ExecuteReader();
        var unproven = new List<UnprovenDevice>();
        while (rows.Read())
        {
            unproven.Add(new UnprovenDevice(
                rows.GetString(0), rows.IsDBNull(1) ? null : new DateTimeOffset(rows.GetInt64(1), TimeSpan.Zero)));
        }

        return new ProofOfUse(devices, proven, unproven);
    }

    private static (int Devices, int Proven) Counts(SqlSession session, EnrollmentKey enrollment, Thumbprint certificate)
    {
        using var counts = session.Prepared(
            """
            SELECT count(*), count(CASE WHEN d.anchor = $anchor THEN 1 END)
            FROM registration r LEFT JOIN sighted_device d ON d.device = r.key
            WHERE r.enrollment_kind = $kind AND r.enrollment_key = $key
            """,
            ("$anchor", certificate.ToArray()),
            ("$kind", (int)enrollment.Kind),
            ("$key", Keys.Of(enrollment.Id))).ExecuteReader();
        counts.Read();
        return (counts.GetInt32(0), counts.GetInt32(1));
    }
}
