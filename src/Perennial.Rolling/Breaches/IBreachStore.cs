using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Breaches;

/// <summary>Storage of the breaches that operators deal with. Each write has an audit row.</summary>
public interface IBreachStore
{
    /// <returns>The breach; the one that is open already where it is of the same certificate, enrollment and device.</returns>
    Task<BreachCase> OpenAsync(BreachCase opened, CancellationToken cancellationToken);

    Task<BreachCase?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Those that are open first, then the newest.</summary>
    /// <returns>Null when the page's key is none of this list.</returns>
    Task<Page<BreachCase>?> ListAsync(PageRequest page, CancellationToken cancellationToken);

    /// <returns>False when there is none that is open.</returns>
    Task<bool> TryCloseAsync(string id, string actor, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>How many devices registered through an enrollment were last accepted by this certificate.</summary>
    Task<long> CountUsersAsync(EnrollmentKey enrollment, Thumbprint certificate, CancellationToken cancellationToken);
}
