using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Server.Storage.Sql;

/// <summary>The symmetric keys of enrollments, which stand nowhere else.</summary>
internal static class EnrollmentKeyRows
{
    public static void Write(SqlSession session, Enrollment enrollment)
    {
        var (kind, key) = ((int)enrollment.Key.Kind, Keys.Of(enrollment.Key.Id));
        session.Prepared("DELETE FROM enrollment_key WHERE kind = $kind AND key = $key", ("$kind", kind), ("$key", key)).ExecuteNonQuery();
        if (enrollment.Mechanism is AttestationMechanism.SymmetricKeys { Slots: var slots })
        {
            session.Prepared(
                """
                INSERT INTO enrollment_key (kind, key, enabled, created, primary_key, secondary_key)
                VALUES ($kind, $key, $enabled, $created, $primary, $secondary)
                """,
                ("$kind", kind),
                ("$key", key),
                ("$enabled", enrollment.IsEnabled ? 1 : 0),
                ("$created", enrollment.Created.UtcTicks),
                ("$primary", slots.Primary.Bytes.ToArray()),
                ("$secondary", slots.Secondary.Bytes.ToArray())).ExecuteNonQuery();
        }
    }

    public static KeySlots Read(SqlSession session, EnrollmentKind kind, string key)
    {
        using var reader = session.Prepared(
            "SELECT primary_key, secondary_key FROM enrollment_key WHERE kind = $kind AND key = $key",
            ("$kind", (int)kind),
            ("$key", key)).ExecuteReader();
        return reader.Read()
            ? new KeySlots(Key(reader.GetFieldValue<byte[]>(0)), Key(reader.GetFieldValue<byte[]>(1)))
            : throw new InvalidDataException($"The database holds no keys of the enrollment '{key}'.");
    }

    /// <summary>The oldest groups that attest by symmetric key.</summary>
    public static IReadOnlyList<string> GroupKeys(SqlSession session, bool isEnabled)
    {
        using var reader = session.Prepared(
            "SELECT key FROM enrollment_key WHERE kind = $kind AND enabled = $enabled ORDER BY created, key LIMIT $limit",
            ("$kind", (int)EnrollmentKind.Group),
            ("$enabled", isEnabled ? 1 : 0),
            ("$limit", EnrollmentCandidates.MaxKeyGroups)).ExecuteReader();
        var keys = new List<string>();
        while (reader.Read())
        {
            keys.Add(reader.GetString(0));
        }

        return keys;
    }

    /// <summary>Whether there would be more enabled groups than are tried for a device.</summary>
    public static bool IsOneTooMany(SqlSession session, Enrollment enrollment)
    {
        if (enrollment is not { IsEnabled: true, Key.Kind: EnrollmentKind.Group, Mechanism: AttestationMechanism.SymmetricKeys })
        {
            return false;
        }

        var enabled = GroupKeys(session, isEnabled: true);
        return enabled.Count >= EnrollmentCandidates.MaxKeyGroups && !enabled.Contains(Keys.Of(enrollment.Key.Id), StringComparer.Ordinal);
    }

    private static SymmetricKey Key(byte[] bytes) =>
        SymmetricKey.TryCreate(bytes, out var key) ? key : throw new InvalidDataException("The database holds a symmetric key that is none.");
}
