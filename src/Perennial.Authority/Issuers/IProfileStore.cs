namespace Perennial.Authority.Issuers;

/// <summary>The profiles, by name without case.</summary>
public interface IProfileStore
{
    /// <summary>The profile of this name; null when there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<CertificateProfile?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>All of them, by name; operators make few.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<CertificateProfile>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Stores a profile with a new ETag, and an audit row with it.</summary>
    /// <param name="profile">The profile without faults.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<CertificateProfile> SaveAsync(CertificateProfile profile, string actor, CancellationToken cancellationToken);

    /// <summary>Deletes a profile, and writes an audit row with it. False when there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<bool> DeleteAsync(string name, string actor, CancellationToken cancellationToken);
}
