using System.Data.Common;
using System.Text.Json;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of enrollments and their certificates.</summary>
internal static class EnrollmentRows
{
    public static Enrollment? Find(SqlSession session, EnrollmentKind kind, string key)
    {
        using var reader = session.Prepared(
            "SELECT key, etag, created, document FROM enrollment WHERE kind = $kind AND key = $key",
            ("$kind", (int)kind),
            ("$key", key)).ExecuteReader();
        var row = reader.Read() ? new Row(reader) : null;
        reader.Close();
        return row?.ToDomain(session, kind);
    }

    /// <summary>Another enrollment that holds one of this enrollment's certificates, or refers to it; or null.</summary>
    public static EnrollmentWrite.CertificateTaken? HolderOfAny(SqlSession session, Enrollment enrollment)
    {
        foreach (var (_, certificate) in enrollment.Mechanism.Certificates)
        {
            var holder = HolderOf(session, certificate) ?? EnrollmentReferenceRows.HolderOf(session, certificate, but: enrollment.Key);
            if (holder is { } other && other.Key != enrollment.Key)
            {
                return new EnrollmentWrite.CertificateTaken($"certificate '{certificate.Subject.Text}'", other.Key, other.Slot);
            }
        }

        return EnrollmentReferenceRows.HolderOfAny(session, enrollment);
    }

    public static void Upsert(SqlSession session, Enrollment enrollment)
    {
        var (kind, key) = ((int)enrollment.Key.Kind, Keys.Of(enrollment.Key.Id));
        var document = EnrollmentDocument.From(enrollment);
        session.Prepared(
            """
            INSERT INTO enrollment (kind, key, etag, created, document, enabled, attestation)
            VALUES ($kind, $key, $etag, $created, $document, $enabled, $attestation)
            ON CONFLICT (kind, key) DO UPDATE SET etag = excluded.etag, document = excluded.document, enabled = excluded.enabled,
                attestation = excluded.attestation
            """,
            ("$kind", kind),
            ("$key", key),
            ("$etag", enrollment.ETag),
            ("$created", enrollment.Created.UtcTicks),
            ("$document", JsonSerializer.Serialize(document, StorageJson.Default.EnrollmentDocument)),
            ("$enabled", enrollment.IsEnabled ? 1L : 0L),
            ("$attestation", (long)document.Attestation))
            .ExecuteNonQuery();
        session.Prepared("DELETE FROM enrollment_certificate WHERE kind = $kind AND key = $key", ("$kind", kind), ("$key", key)).ExecuteNonQuery();
        foreach (var (slot, certificate) in (enrollment.Mechanism as AttestationMechanism.X509)?.Slots.Filled() ?? [])
        {
            session.Prepared(
                """
                INSERT INTO enrollment_certificate (kind, key, slot, thumbprint, subject, der, not_after)
                VALUES ($kind, $key, $slot, $thumbprint, $subject, $der, $not_after)
                """,
                ("$kind", kind),
                ("$key", key),
                ("$slot", (int)slot),
                ("$thumbprint", certificate.Thumbprint.ToArray()),
                ("$subject", certificate.Subject.Key.ToArray()),
                ("$der", certificate.Der.ToArray()),
                ("$not_after", certificate.NotAfter.UtcTicks)).ExecuteNonQuery();
        }

        EnrollmentReferenceRows.Write(session, enrollment);
        EnrollmentKeyRows.Write(session, enrollment);
        if (enrollment.Key.Kind == EnrollmentKind.Individual)
        {
            DeviceChainRows.NoteEnrollment(session, key, exists: true);
        }
    }

    public static void Delete(SqlSession session, EnrollmentKind kind, string key)
    {
        session.Prepared("DELETE FROM enrollment WHERE kind = $kind AND key = $key", ("$kind", (int)kind), ("$key", key)).ExecuteNonQuery();
        if (kind == EnrollmentKind.Individual)
        {
            DeviceChainRows.NoteEnrollment(session, key, exists: false);
        }
    }

    public static Page<Enrollment> List(SqlSession session, EnrollmentKind kind, PageRequest request)
    {
        using var reader = session.Prepared(
            "SELECT key, etag, created, document FROM enrollment WHERE kind = $kind AND key > $after ORDER BY key LIMIT $limit",
            ("$kind", (int)kind),
            ("$after", request.After ?? ""),
            ("$limit", request.Size + 1)).ExecuteReader();
        var rows = new List<Row>(request.Size);
        while (rows.Count < request.Size && reader.Read())
        {
            rows.Add(new Row(reader));
        }

        var next = rows.Count == request.Size && reader.Read() ? rows[^1].Key : null;
        reader.Close();
        return new Page<Enrollment>([.. rows.Select(row => row.ToDomain(session, kind))], next);
    }

    /// <summary>Of devices that presented a chain, from one id to another, the individual enrollments that hold leaves.</summary>
    public static List<Enrollment> ListPresented(SqlSession session, string first, string last)
    {
        const string Range = "d.standing > 0 AND d.leaf IS NOT NULL AND d.device >= $first AND d.device <= $last";
        var (rows, slots) = (new List<Row>(), new Dictionary<string, CertificateSlots>(StringComparer.Ordinal));
        using (var reader = session.Prepared(
            $"SELECT e.key, e.etag, e.created, e.document FROM device_chain d JOIN enrollment e ON e.kind = 0 AND e.key = d.device WHERE {Range}",
            ("$first", first),
            ("$last", last)).ExecuteReader())
        {
            while (reader.Read())
            {
                rows.Add(new Row(reader));
            }
        }

        using (var reader = session.Prepared(
            $"SELECT c.slot, c.der, c.key FROM device_chain d JOIN enrollment_certificate c ON c.kind = 0 AND c.key = d.device WHERE {Range}",
            ("$first", first),
            ("$last", last)).ExecuteReader())
        {
            while (reader.Read())
            {
                var key = reader.GetString(2);
                slots[key] = With(slots.GetValueOrDefault(key), reader);
            }
        }

        return [.. rows.Select(row => slots.TryGetValue(row.Key, out var held) ? row.ToDomainWithLeaves(held) : null).OfType<Enrollment>()];
    }

    /// <summary>The enrollment that holds a certificate in a slot, or null.</summary>
    public static (EnrollmentKey Key, Slot Slot)? HolderOf(SqlSession session, Certificate certificate)
    {
        using var reader = session.Prepared(
            "SELECT kind, key, slot FROM enrollment_certificate WHERE thumbprint = $thumbprint",
            ("$thumbprint", certificate.Thumbprint.ToArray())).ExecuteReader();
        return reader.Read() ? (Keys.Enrollment((EnrollmentKind)reader.GetInt32(0), reader.GetString(1)), (Slot)reader.GetInt32(2)) : null;
    }

    /// <summary>The groups with a signing certificate of a subject, itself or by its name.</summary>
    public static List<string> GroupKeysBySubject(SqlSession session, Thumbprint subject)
    {
        using var reader = session.Prepared(
            """
            SELECT key FROM enrollment_certificate WHERE subject = $subject AND kind = $kind
            UNION ALL
            SELECT r.key FROM ca_certificate c JOIN enrollment_reference r ON r.ca = c.key
            WHERE c.subject = $subject AND c.verified = 1 AND r.kind = $kind
            """,
            ("$subject", subject.ToArray()),
            ("$kind", (int)EnrollmentKind.Group)).ExecuteReader();
        var keys = new List<string>();
        while (reader.Read())
        {
            keys.Add(reader.GetString(0));
        }

        return keys;
    }

    private static AttestationMechanism Mechanism(SqlSession session, EnrollmentKind kind, string key, EnrollmentDocument document) =>
        document.HoldsReferences ? EnrollmentReferenceRows.Read(session, kind, key)
        : document.HoldsKeys ? new AttestationMechanism.SymmetricKeys(EnrollmentKeyRows.Read(session, kind, key))
        : document.EndorsementKey is { } endorsement
            ? new AttestationMechanism.Tpm(Keys.Tpm(endorsement), document.StorageRootKey is { } storage ? Keys.Tpm(storage) : null)
        : document.HoldsSigners ? new AttestationMechanism.Signers(Slots(session, kind, key))
        : new AttestationMechanism.Leaves(Slots(session, kind, key));

    private static CertificateSlots Slots(SqlSession session, EnrollmentKind kind, string key)
    {
        using var reader = session.Prepared(
            "SELECT slot, der FROM enrollment_certificate WHERE kind = $kind AND key = $key",
            ("$kind", (int)kind),
            ("$key", key)).ExecuteReader();
        CertificateSlots? slots = null;
        while (reader.Read())
        {
            slots = With(slots, reader);
        }

        return slots ?? throw new InvalidDataException($"The database holds no certificate of the enrollment '{key}'.");
    }

    // The row begins with slot and certificate.
    private static CertificateSlots With(CertificateSlots? slots, DbDataReader row)
    {
        var certificate = Parse(row.GetFieldValue<byte[]>(1));
        return (Slot)row.GetInt32(0) == Slot.Primary ? new CertificateSlots(certificate, slots?.Secondary) : new CertificateSlots(slots?.Primary, certificate);
    }

    private static Certificate Parse(byte[] der) =>
        Certificate.TryParse(der, out var certificate, out var refusal)
            ? certificate
            : throw new InvalidDataException($"The database holds a certificate that cannot be read: {refusal.Detail}");

    // A session has one reader at a time: certificates and keys are read after it.
    private sealed record Row(string Key, string ETag, long Created, string Document)
    {
        public Row(DbDataReader row)
            : this(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3))
        {
        }

        public Enrollment ToDomain(SqlSession session, EnrollmentKind kind)
        {
            var document = JsonSerializer.Deserialize(Document, StorageJson.Default.EnrollmentDocument)!;
            return document.ToDomain(kind, ETag, Created, Mechanism(session, kind, Key, document));
        }

        /// <returns>Null when it attests otherwise.</returns>
        public Enrollment? ToDomainWithLeaves(CertificateSlots slots)
        {
            var document = JsonSerializer.Deserialize(Document, StorageJson.Default.EnrollmentDocument)!;
            return document.HoldsSigners ? null : document.ToDomain(EnrollmentKind.Individual, ETag, Created, new AttestationMechanism.Leaves(slots));
        }
    }
}
