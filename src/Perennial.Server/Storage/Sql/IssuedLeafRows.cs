using System.Data.Common;
using System.Text.Json.Nodes;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of leaves that devices obtained.</summary>
internal static class IssuedLeafRows
{
    // A leaf of ours is revoked with its line in the journal of signatures, or with the slot that issued it.
    private const string Select =
        """
        SELECT l.kind, l.key, l.name, l.chain, l.request, l.alone, l.issued, l.proven, l.retired, l.beside FROM issued_leaf l
        """;

    public static IssuedLeaf? Find(SqlSession session, Thumbprint thumbprint) =>
        Read(session, "WHERE l.thumbprint = $thumbprint", ("$thumbprint", thumbprint.ToArray())) is [var leaf] ? leaf : null;

    /// <summary>What a query finds; the clause may use the alias <c>l</c>.</summary>
    public static IReadOnlyList<IssuedLeaf> Read(SqlSession session, string clause, params (string Name, object? Value)[] parameters)
    {
        var found = new List<IssuedLeaf>();
        using (var reader = session.Prepared($"{Select} {clause}", parameters).ExecuteReader())
        {
            while (reader.Read())
            {
                found.Add(Read(reader));
            }
        }

        return [.. found.Select(leaf => WithIssuer(session, leaf))];
    }

    public static void Insert(SqlSession session, IssuedLeaf leaf) => session.Prepared(
        """
        INSERT INTO issued_leaf (thumbprint, kind, key, registration, name, chain, request, alone, beside, issued, number)
        SELECT $thumbprint, $kind, $key, $registration, $name, $chain, $request, $alone, $beside, $issued, coalesce(max(number), 0) + 1
        FROM issued_leaf WHERE registration = $registration
        ON CONFLICT (thumbprint) DO NOTHING
        """,
        ("$thumbprint", leaf.Thumbprint.ToArray()),
        ("$kind", (int)leaf.Enrollment.Kind),
        ("$key", Keys.Of(leaf.Enrollment.Id)),
        ("$registration", Keys.Of(leaf.RegistrationId.Value)),
        ("$name", leaf.RegistrationId.Value),
        ("$chain", string.Concat(leaf.Chain.Select(Pem.Write))),
        ("$request", leaf.Request.ToArray()),
        ("$alone", leaf.StandsAlone ? 1 : 0),
        ("$beside", leaf.PlacedBeside?.ToArray()),
        ("$issued", leaf.Issued.UtcTicks)).ExecuteNonQuery();

    /// <summary>Notes that a leaf was used. Its first use proves it, and retires the leaves before it and the certificate in the other slot.</summary>
    public static void NoteUse(SqlSession session, Thumbprint leaf, DateTimeOffset at)
    {
        if (session.Prepared(
            "UPDATE issued_leaf SET proven = $at WHERE thumbprint = $thumbprint AND proven IS NULL",
            ("$thumbprint", leaf.ToArray()),
            ("$at", at.UtcTicks)).ExecuteNonQuery() == 0)
        {
            return;
        }

        session.Prepared(
            """
            UPDATE issued_leaf SET retired = $at WHERE retired IS NULL
                AND registration = (SELECT registration FROM issued_leaf WHERE thumbprint = $thumbprint)
                AND number < (SELECT number FROM issued_leaf WHERE thumbprint = $thumbprint)
            """,
            ("$thumbprint", leaf.ToArray()),
            ("$at", at.UtcTicks)).ExecuteNonQuery();
        var proven = Find(session, leaf)!;
        var after = new JsonObject { ["thumbprint"] = leaf.ToString() };
        AuditRow.Write(session, at, $"device {proven.RegistrationId}", "leaf.prove", $"registration '{proven.RegistrationId}'", null, after.ToJsonString());
        RetireOtherSlot(session, proven, at);
    }

    private static void RetireOtherSlot(SqlSession session, IssuedLeaf proven, DateTimeOffset at)
    {
        var key = proven.Enrollment;
        if (EnrollmentRows.Find(session, key.Kind, Keys.Of(key.Id)) is not { Mechanism: AttestationMechanism.Leaves { Slots: var slots } } enrollment
            || slots.SlotOf(proven.Thumbprint) is not { } slot
            || slots[slot == Slot.Primary ? Slot.Secondary : Slot.Primary] is not { } old
            || old.Thumbprint != proven.PlacedBeside)
        {
            return;
        }

        var left = slot == Slot.Primary ? new CertificateSlots(proven.Leaf, null) : new CertificateSlots(null, proven.Leaf);
        EnrollmentRows.Upsert(session, enrollment with
        {
            Mechanism = new AttestationMechanism.Leaves(left),
            ETag = Guid.NewGuid().ToString("D"),
            LastUpdated = at,
        });
        var (before, after) = (new JsonObject { ["retired"] = old.Thumbprint.ToString() }, new JsonObject { ["kept"] = proven.Thumbprint.ToString() });
        AuditRow.Write(session, at, $"device {proven.RegistrationId}", "enrollment.retire", key.ToString(), before.ToJsonString(), after.ToJsonString());
    }

    private static IssuedLeaf WithIssuer(SqlSession session, IssuedLeaf leaf)
    {
        using var row = session.Prepared(
            """
            SELECT i.slot, CASE WHEN i.state = 3 OR s.state = 3 THEN 1 ELSE 0 END FROM issuance i JOIN issuer_slot s ON s.id = i.slot
            WHERE i.device = $device AND i.serial = $serial AND i.certificate = $der ORDER BY 2 DESC LIMIT 1
            """,
            ("$device", Keys.Of(leaf.RegistrationId.Value)),
            ("$serial", leaf.Leaf.SerialNumber),
            ("$der", leaf.Leaf.Der.ToArray())).ExecuteReader();
        return row.Read() ? leaf with { IssuedBy = row.GetString(0), IsRevoked = row.GetInt64(1) != 0 } : leaf;
    }

    private static IssuedLeaf Read(DbDataReader row)
    {
        if (!Pem.TryReadCertificates(row.GetString(3), out var chain, out var refusal))
        {
            throw new InvalidDataException($"The database holds an issued leaf that cannot be read: {refusal.Detail}");
        }

        return new IssuedLeaf
        {
            Thumbprint = chain[0].Thumbprint,
            Enrollment = Keys.Enrollment((EnrollmentKind)row.GetInt32(0), row.GetString(1)),
            RegistrationId = Keys.Registration(row.GetString(2)),
            Chain = [.. chain],
            Request = Thumbprint.FromBytes(row.GetFieldValue<byte[]>(4)),
            StandsAlone = row.GetInt64(5) != 0,
            Issued = Time(row, 6)!.Value,
            Proven = Time(row, 7),
            Retired = Time(row, 8),
            PlacedBeside = row.IsDBNull(9) ? null : Thumbprint.FromBytes(row.GetFieldValue<byte[]>(9)),
        };
    }

    private static DateTimeOffset? Time(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);
}
