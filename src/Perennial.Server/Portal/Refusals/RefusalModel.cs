using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;
using Perennial.Server.Portal.Layout;
using Perennial.X509;

namespace Perennial.Server.Portal.Refusals;

/// <summary>One refusal, explained.</summary>
public sealed record RefusalModel
{
    public required SightingRecord Refusal { get; init; }

    /// <summary>Null for a reason that this version does not know.</summary>
    public required RefusalReason? Reason { get; init; }

    /// <summary>What the device presented, the root on top.</summary>
    public required IReadOnlyList<TreeNode> Chain { get; init; }

    /// <summary>The enrollment that came nearest; null when none did.</summary>
    public required EnrollmentKey? Nearest { get; init; }

    public required DateTimeOffset Now { get; init; }
}
