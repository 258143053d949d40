using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;

namespace Perennial.Server.Storage.Sql;

/// <summary>Reads the groups that devices registered through, each once.</summary>
internal sealed class RegisteredGroupRows(SqlSession session)
{
    private readonly Dictionary<string, RegisteredGroup> _known = new(StringComparer.Ordinal);

    /// <param name="key">The key of the group; null when the device registered through none.</param>
    public RegisteredGroup Find(string? key)
    {
        if (key is null)
        {
            return RegisteredGroup.None;
        }

        if (!_known.TryGetValue(key, out var group))
        {
            group = new RegisteredGroup(Keys.Enrollment(EnrollmentKind.Group, key), BlockRows.Find(session, BlockKind.Group, key).FirstOrDefault());
            _known.Add(key, group);
        }

        return group;
    }
}
