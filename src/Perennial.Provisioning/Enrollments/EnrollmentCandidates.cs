namespace Perennial.Provisioning.Enrollments;

/// <summary>The enrollments that could decide about one device.</summary>
/// <param name="Individual">The individual enrollment under the device's registration id.</param>
/// <param name="LeafHolder">The individual enrollment that holds the presented leaf; may be the same.</param>
/// <param name="Groups">The groups with a signing certificate whose subject is the issuer of a presented certificate, by creation.</param>
public sealed record EnrollmentCandidates(Enrollment? Individual, Enrollment? LeafHolder, IReadOnlyList<Enrollment> Groups);
