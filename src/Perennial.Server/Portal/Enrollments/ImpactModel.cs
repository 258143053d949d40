using Perennial.Rolling.Impact;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>Whom a change touches: what the attestation function says of every device.</summary>
/// <param name="Summary">In numbers.</param>
/// <param name="Losing">The first of the devices that lose access.</param>
public sealed record ImpactModel(ImpactSummary Summary, IReadOnlyList<ImpactedDevice> Losing)
{
    public ImpactCounts Counts => Summary.Counts;
}
