using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>What a change does to one device.</summary>
/// <param name="Device">The registration id.</param>
/// <param name="Outcome">What it does.</param>
/// <param name="End">Until when the device is accepted after the change; null when it is refused, or nothing is known.</param>
/// <param name="Refusal">Why it would be refused.</param>
public sealed record ImpactedDevice(string Device, ImpactOutcome Outcome, DateTimeOffset? End, Refusal? Refusal);
