using System.Data.Common;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>
/// Reads the devices of a roll of an issuing authority as a rehearsal is played on them. Who has moved, and until when a device holds the overlap open,
/// is what stands beside it in the roll.
/// </summary>
internal static class RehearsalIssuerRows
{
    public static List<SeenMember> Read(SqlSession session, Roll roll, string after, int max)
    {
        var members = new List<SeenMember>();
        using var rows = session.Prepared(
            """
            SELECT r.device, r.old, r.moved, r.leaf_end, r.waiver, s.seen, c.standing, c.leaf, c.issuers, c.not_after, c.hub,
                e.key, l.kind, l.key, g.enrollment_kind, g.enrollment_key
            FROM roll_device r LEFT JOIN sighted_device s ON s.device = r.device LEFT JOIN device_chain c ON c.device = r.device
            LEFT JOIN enrollment e ON e.kind = $individual AND e.key = r.device
            LEFT JOIN issued_leaf l ON l.thumbprint = c.leaf
            LEFT JOIN registration g ON g.key = r.device
            WHERE r.roll = $roll AND r.device > $after ORDER BY r.device LIMIT $max
            """,
            ("$individual", (long)EnrollmentKind.Individual),
            ("$roll", Keys.Of(roll.Id)),
            ("$after", after),
            ("$max", (long)max)).ExecuteReader();
        while (rows.Read())
        {
            members.Add(Read(rows));
        }

        return members;
    }

    private static SeenMember Read(DbDataReader row)
    {
        var (device, holds, end) = (row.GetString(0), Time(row, 3), Time(row, 9));
        var leaf = row.IsDBNull(7) ? (Thumbprint?)null : Thumbprint.FromBytes(row.GetFieldValue<byte[]>(7));
        return new SeenMember
        {
            Device = device,
            Old = Thumbprint.FromBytes(row.GetFieldValue<byte[]>(1)),
            Shape = leaf is null ? null : Convert.ToHexString(row.GetFieldValue<byte[]>(8)) + (row.GetInt64(6) == DeviceChainRows.Alone ? device : ""),
            Leaf = leaf,
            LeafEnd = end ?? holds,
            HoldsUntil = holds,
            Enrollment = EnrollmentOf(row, device),
            IsFollowed = !row.IsDBNull(10) && DeviceChainRows.IsFollowing(row.GetString(10)),
            Seen = Time(row, 5),
            IsMoved = row.GetInt64(2) != 0,
            IsWaived = !row.IsDBNull(4),
        };
    }

    // An individual enrollment decides alone; else the one under which its leaf was issued, or it registered.
    private static EnrollmentKey? EnrollmentOf(DbDataReader row, string device) =>
        !row.IsDBNull(11) ? Keys.Enrollment(EnrollmentKind.Individual, device)
        : !row.IsDBNull(12) ? Keys.Enrollment((EnrollmentKind)row.GetInt64(12), row.GetString(13))
        : !row.IsDBNull(14) ? Keys.Enrollment((EnrollmentKind)row.GetInt64(14), row.GetString(15))
        : null;

    private static DateTimeOffset? Time(DbDataReader row, int column) => row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);
}
