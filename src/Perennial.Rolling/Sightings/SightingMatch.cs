using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Sightings;

/// <summary>What took a device.</summary>
/// <param name="Enrollment">The enrollment that holds it.</param>
/// <param name="Slot">The slot that it stood in.</param>
/// <param name="Anchor">The thumbprint of the leaf or of the signing certificate above it, or the fingerprint of a key.</param>
public sealed record SightingMatch(EnrollmentKey Enrollment, Slot Slot, Thumbprint Anchor);
