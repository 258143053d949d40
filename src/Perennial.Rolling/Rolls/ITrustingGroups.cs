using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Rolls;

/// <summary>Finds the groups that trust authorities.</summary>
public interface ITrustingGroups
{
    /// <summary>The groups that hold one of these certificates in a slot, or refer to it.</summary>
    Task<IReadOnlyList<EnrollmentKey>> ListTrustingAsync(IReadOnlyList<Certificate> certificates, CancellationToken cancellationToken);
}
