using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Sightings;

/// <summary>The certificate that took a device.</summary>
/// <param name="Enrollment">The enrollment that holds it.</param>
/// <param name="Slot">The slot that it stood in.</param>
/// <param name="Anchor">Its thumbprint: the leaf's own, or that of the signing certificate above.</param>
public sealed record SightingMatch(EnrollmentKey Enrollment, Slot Slot, Thumbprint Anchor);
