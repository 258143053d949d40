using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>The devices of rolls of issuing authorities, which are those that the old one issued certificates to, and the groups that trust it.</summary>
internal static class RollIssuerRows
{
    /// <summary>Looks at so many certificates of the old authority that are not over, by serial number, whether their devices are of the roll.</summary>
    /// <returns>How many were looked at, the last of them, and how many are of none of the roll.</returns>
    public static (long Seen, string? Last, long Newcomers) LookForNewcomers(SqlSession session, Roll roll, string after, int max, DateTimeOffset now)
    {
        using var row = session.Prepared(
            """
            SELECT count(*), max(i.serial), count(CASE WHEN r.device IS NULL THEN 1 END)
            FROM (SELECT serial, device FROM issuance WHERE slot = $slot AND serial > $after AND state = 1 AND not_after > $now ORDER BY serial LIMIT $max) i
            LEFT JOIN roll_device r ON r.roll = $roll AND r.device = i.device
            """,
            ("$slot", roll.OldIssuer),
            ("$after", after),
            ("$now", now.UtcTicks),
            ("$max", (long)max),
            ("$roll", Keys.Of(roll.Id))).ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetInt64(2));
    }

    public static void Gather(SqlSession session, Roll roll, string after, string until, DateTimeOffset now) => session.Prepared(
        """
        INSERT INTO roll_device (roll, device, place, old, new, issuer, old_issuer) SELECT DISTINCT $roll, i.device, 1, $old, $new, $issuer, $slot FROM issuance i
        WHERE i.slot = $slot AND i.serial > $after AND i.serial <= $until AND i.state = 1 AND i.not_after > $now ON CONFLICT (roll, device) DO NOTHING
        """,
        ("$roll", Keys.Of(roll.Id)),
        ("$old", roll.Old!.Value.ToArray()),
        ("$new", roll.New!.Value.ToArray()),
        ("$issuer", roll.NewIssuer),
        ("$slot", roll.OldIssuer),
        ("$after", after),
        ("$until", until),
        ("$now", now.UtcTicks)).ExecuteNonQuery();

    public static IReadOnlyList<EnrollmentKey> ListTrusting(SqlSession session, Certificate certificate)
    {
        var groups = new List<EnrollmentKey>();
        using var rows = session.Prepared(
            """
            SELECT c.key FROM enrollment_certificate c WHERE c.kind = $kind AND c.thumbprint = $thumbprint
            UNION SELECT e.key FROM enrollment_reference e JOIN ca_certificate a ON a.key = e.ca WHERE e.kind = $kind AND a.subject = $subject AND a.der = $der ORDER BY 1
            """,
            ("$kind", (long)EnrollmentKind.Group),
            ("$thumbprint", certificate.Thumbprint.ToArray()),
            ("$subject", certificate.Subject.Key.ToArray()),
            ("$der", certificate.Der.ToArray())).ExecuteReader();
        while (rows.Read())
        {
            groups.Add(Keys.Enrollment(EnrollmentKind.Group, rows.GetString(0)));
        }

        return groups;
    }
}
