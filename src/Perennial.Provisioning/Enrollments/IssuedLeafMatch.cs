namespace Perennial.Provisioning.Enrollments;

/// <summary>The record of a presented leaf, and the enrollment that it was issued under as it is now.</summary>
public sealed record IssuedLeafMatch(IssuedLeaf Record, Enrollment Enrollment);
