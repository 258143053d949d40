using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>The CA certificates that groups refer to by name. What a name stands for is looked up when it is read.</summary>
internal static class EnrollmentReferenceRows
{
    public static void Write(SqlSession session, Enrollment enrollment)
    {
        var (kind, key) = ((int)enrollment.Key.Kind, Keys.Of(enrollment.Key.Id));
        session.Prepared("DELETE FROM enrollment_reference WHERE kind = $kind AND key = $key", ("$kind", kind), ("$key", key)).ExecuteNonQuery();
        foreach (var (slot, reference) in References(enrollment))
        {
            session.Prepared(
                "INSERT INTO enrollment_reference (kind, key, slot, ca, name) VALUES ($kind, $key, $slot, $ca, $name)",
                ("$kind", kind),
                ("$key", key),
                ("$slot", (int)slot),
                ("$ca", Keys.Of(reference.Name)),
                ("$name", reference.Name)).ExecuteNonQuery();
        }
    }

    public static AttestationMechanism.CaReferences Read(SqlSession session, EnrollmentKind kind, string key)
    {
        var names = new Dictionary<Slot, string>();
        using (var reader = session.Prepared(
            "SELECT slot, name FROM enrollment_reference WHERE kind = $kind AND key = $key",
            ("$kind", (int)kind),
            ("$key", key)).ExecuteReader())
        {
            while (reader.Read())
            {
                names.Add((Slot)reader.GetInt32(0), reader.GetString(1));
            }
        }

        return new AttestationMechanism.CaReferences(Of(Slot.Primary), Of(Slot.Secondary));

        CaReference? Of(Slot slot) => names.TryGetValue(slot, out var name) ? Resolve(session, name) : null;
    }

    /// <summary>The CA certificate under a name as it is now.</summary>
    public static CaReference Resolve(SqlSession session, string name) =>
        CaCertificateStore.Find(session, name) is { } stored
            ? new CaReference(name, stored.Certificate, stored.IsVerified)
            : new CaReference(name, Stored: null, IsVerified: false);

    /// <summary>Another group that refers to a CA certificate by one of this group's names, or null.</summary>
    public static EnrollmentWrite.CertificateTaken? HolderOfAny(SqlSession session, Enrollment enrollment)
    {
        foreach (var (_, reference) in References(enrollment))
        {
            using var reader = session.Prepared(
                "SELECT kind, key, slot FROM enrollment_reference WHERE ca = $ca", ("$ca", Keys.Of(reference.Name))).ExecuteReader();
            if (reader.Read() && Keys.Enrollment((EnrollmentKind)reader.GetInt32(0), reader.GetString(1)) is var holder && holder != enrollment.Key)
            {
                return new EnrollmentWrite.CertificateTaken($"CA certificate '{reference.Name}'", holder, (Slot)reader.GetInt32(2));
            }
        }

        return null;
    }

    /// <summary>The group, other than one, that refers to exactly this certificate under some name, while it is verified; or null.</summary>
    public static (EnrollmentKey Key, Slot Slot)? HolderOf(SqlSession session, Certificate certificate, EnrollmentKey but)
    {
        using var reader = session.Prepared(
            """
            SELECT r.kind, r.key, r.slot FROM ca_certificate c JOIN enrollment_reference r ON r.ca = c.key
            WHERE c.subject = $subject AND c.verified = 1 AND c.der = $der AND NOT (r.kind = $kind AND r.key = $key)
            """,
            ("$subject", certificate.Subject.Key.ToArray()),
            ("$der", certificate.Der.ToArray()),
            ("$kind", (int)but.Kind),
            ("$key", Keys.Of(but.Id))).ExecuteReader();
        return reader.Read() ? (Keys.Enrollment((EnrollmentKind)reader.GetInt32(0), reader.GetString(1)), (Slot)reader.GetInt32(2)) : null;
    }

    private static IEnumerable<(Slot Slot, CaReference Reference)> References(Enrollment enrollment) =>
        (enrollment.Mechanism as AttestationMechanism.CaReferences)?.Filled() ?? [];
}
