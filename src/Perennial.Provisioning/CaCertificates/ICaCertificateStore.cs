using Perennial.Provisioning.Enrollments;

namespace Perennial.Provisioning.CaCertificates;

/// <summary>Storage of CA certificates.</summary>
public interface ICaCertificateStore
{
    Task<CaCertificate?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Those after a name, in the order of their names.</summary>
    Task<Page<CaCertificate>> ListAsync(PageRequest request, CancellationToken cancellationToken);

    /// <summary>Writes the certificate and its audit row in one transaction.</summary>
    /// <param name="certificate">The certificate to write.</param>
    /// <param name="expectedETag">The ETag of the stored one as it was read; null when there was none.</param>
    /// <param name="action">What is done, for the audit row: <c>save</c>, <c>challenge</c> or <c>verify</c>.</param>
    /// <param name="actor">Who asked for it, for the audit row.</param>
    /// <param name="cancellationToken">Stops waiting; a write already taken up is still done.</param>
    /// <returns>False when another write came first and nothing was written.</returns>
    Task<bool> TrySaveAsync(
        CaCertificate certificate, string? expectedETag, string action, string actor, CancellationToken cancellationToken);

    Task<DeleteOutcome> DeleteAsync(string name, string? etag, string actor, CancellationToken cancellationToken);

    /// <summary>The groups that refer to a certificate of this name, stored or not.</summary>
    Task<IReadOnlyList<EnrollmentKey>> FindReferencesAsync(string name, CancellationToken cancellationToken);
}
