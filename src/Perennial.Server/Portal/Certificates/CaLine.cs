using Perennial.Provisioning.CaCertificates;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Server.Portal.Certificates;

/// <summary>A CA certificate in a list.</summary>
/// <param name="Ca">It.</param>
/// <param name="Uses">Enrollments that it counts for, once it is verified.</param>
public sealed record CaLine(CaCertificate Ca, IReadOnlyList<EnrollmentKey> Uses);
