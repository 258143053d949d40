using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Rolling.Impact;

/// <summary>The enrollment group that a device registered through, whichever would take it now.</summary>
/// <param name="Key">The group; null when the device registered through none.</param>
/// <param name="Block">The block of the group as things are; null when it is not blocked.</param>
public sealed record RegisteredGroup(EnrollmentKey? Key, Block? Block)
{
    public static RegisteredGroup None { get; } = new(null, null);
}
