using Perennial.Rolling.Impact;

namespace Perennial.Server.Hubs;

/// <summary>What changes of identities of a hub would do to their devices.</summary>
/// <param name="Summary">In numbers.</param>
/// <param name="Devices">Each of them, without those that are refused before and after.</param>
internal sealed record IdentityImpact(ImpactSummary Summary, IReadOnlyList<ImpactedDevice> Devices);
