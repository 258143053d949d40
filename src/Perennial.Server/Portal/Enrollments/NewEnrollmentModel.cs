using Perennial.Provisioning.Enrollments;
using Perennial.Server.Fleet;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>What the form of a new enrollment shows.</summary>
public sealed record NewEnrollmentModel
{
    public required EnrollmentKind Kind { get; init; }

    public string? Id { get; init; }

    public EnrolledAttestation Attestation { get; init; }

    public string? PrimaryName { get; init; }

    public string? SecondaryName { get; init; }

    public string? EndorsementKey { get; init; }

    public string? Fault { get; init; }
}
