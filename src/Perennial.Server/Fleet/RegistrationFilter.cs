using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;

namespace Perennial.Server.Fleet;

/// <summary>Which registrations a list shows. What is null does not matter.</summary>
public sealed record RegistrationFilter
{
    /// <summary>What ids begin with, without case.</summary>
    public string? Prefix { get; init; }

    public EnrollmentKey? Enrollment { get; init; }

    public RegistrationStatus? Status { get; init; }
}
