using System.Globalization;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Fleet;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>With what devices were last accepted, looked up for a page: of so many devices at most that it stays quick.</summary>
internal sealed class EnrollmentUseStore(SqlDatabase database)
{
    public const int Most = 20_000;

    public Task<EnrollmentUse> FindAsync(EnrollmentKey key, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, key), cancellationToken);

    private static EnrollmentUse Find(SqlSession session, EnrollmentKey key)
    {
        using var row = session.Prepared(
            """
            SELECT used.anchor, count(*) FROM (
                SELECT d.anchor AS anchor FROM registration r LEFT JOIN sighted_device d ON d.device = r.key
                WHERE r.enrollment_kind = $kind AND r.enrollment_key = $key LIMIT $most
            ) AS used GROUP BY used.anchor
            """,
            ("$kind", (long)key.Kind),
            ("$key", Keys.Of(key.Id)),
            ("$most", Most + 1L)).ExecuteReader();
        var (devices, anchors) = (0, new Dictionary<Thumbprint, int>());
        while (row.Read())
        {
            var count = Convert.ToInt32(row.GetValue(1), CultureInfo.InvariantCulture);
            devices += count;
            if (!row.IsDBNull(0))
            {
                anchors.Add(Thumbprint.FromBytes(row.GetFieldValue<byte[]>(0)), count);
            }
        }

        return new EnrollmentUse(Math.Min(devices, Most), devices <= Most, anchors);
    }
}
