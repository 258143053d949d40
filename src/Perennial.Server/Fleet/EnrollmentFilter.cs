using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Fleet;

namespace Perennial.Server.Fleet;

/// <summary>Which enrollments a list shows. What is null does not matter.</summary>
public sealed record EnrollmentFilter
{
    public required EnrollmentKind Kind { get; init; }

    /// <summary>What ids are searched for, without case.</summary>
    public string? Text { get; init; }

    /// <summary>Whether the text may stand anywhere in an id; else an id begins with it.</summary>
    public bool IsAnywhere { get; init; }

    public bool? IsEnabled { get; init; }

    public EnrolledAttestation? Attestation { get; init; }

    /// <summary>Those with a certificate that ends within so many days and is not over; 0 for those with one that is over.</summary>
    public int? EndsWithinDays { get; init; }

    /// <summary>The state of the device when it was last looked at; individual enrollments have one.</summary>
    public DeviceState? State { get; init; }
}
