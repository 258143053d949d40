using Perennial.Provisioning.Enrollments;

namespace Perennial.Rolling.Rolls;

/// <summary>The groups that trust an issuing authority, as a roll of it would make them.</summary>
/// <param name="Staged">When the new authority stands beside the old one.</param>
/// <param name="Retired">When the old one is taken out.</param>
/// <param name="Fault">Why it cannot be done; null when it can.</param>
public sealed record MovedTrust(IReadOnlyList<Enrollment> Staged, IReadOnlyList<Enrollment> Retired, TrustFault? Fault = null);
