using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Fleet;

namespace Perennial.Server.Fleet;

/// <summary>An enrollment in a list.</summary>
/// <param name="Enrollment">It.</param>
/// <param name="State">The state of its device when it was last looked at; null for a group, or when it is new.</param>
public sealed record EnrollmentRow(Enrollment Enrollment, DeviceState? State);
