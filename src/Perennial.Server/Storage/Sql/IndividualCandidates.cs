using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Server.Storage.Sql;

/// <summary>Reads at once what <see cref="CandidateSearch"/> finds for each of many devices with individual enrollments.</summary>
internal static class IndividualCandidates
{
    /// <summary>So many blocks are held against each device, which picks its own; with more of them each device is asked about alone.</summary>
    private const int MaxBlocks = 100;

    /// <summary>The candidates of devices from one id to another; without those about which there is more to find out.</summary>
    public static Dictionary<RegistrationId, EnrollmentCandidates> Find(SqlSession session, string first, string last)
    {
        var blocks = BlockRows.List(session, -1, "", MaxBlocks + 1);
        if (blocks.Count > MaxBlocks)
        {
            return [];
        }

        var issued = IssuedLeafRows.Read(
            session, "JOIN device_chain d ON d.leaf = l.thumbprint WHERE d.standing > 0 AND d.device >= $first AND d.device <= $last", ("$first", first), ("$last", last))
            .ToDictionary(leaf => leaf.Thumbprint);
        var leaves = issued.Count == 0 ? [] : LeavesOf(session, first, last);
        var found = new Dictionary<RegistrationId, EnrollmentCandidates>();
        foreach (var enrollment in EnrollmentRows.ListPresented(session, first, last))
        {
            var id = Keys.Registration(enrollment.Key.Id);
            var record = leaves.TryGetValue(Keys.Of(id.Value), out var leaf) ? issued.GetValueOrDefault(leaf) : null;
            if (record is null || record.Enrollment == enrollment.Key)
            {
                found[id] = new EnrollmentCandidates(enrollment, null, []) { Issued = record is null ? null : new IssuedLeafMatch(record, enrollment), Blocks = blocks };
            }
        }

        return found;
    }

    private static Dictionary<string, X509.Thumbprint> LeavesOf(SqlSession session, string first, string last)
    {
        using var row = session.Prepared(
            "SELECT device, leaf FROM device_chain WHERE standing > 0 AND leaf IS NOT NULL AND device >= $first AND device <= $last",
            ("$first", first),
            ("$last", last)).ExecuteReader();
        var leaves = new Dictionary<string, X509.Thumbprint>(StringComparer.Ordinal);
        while (row.Read())
        {
            leaves.Add(row.GetString(0), X509.Thumbprint.FromBytes(row.GetFieldValue<byte[]>(1)));
        }

        return leaves;
    }
}
