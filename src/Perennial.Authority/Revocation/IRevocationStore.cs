namespace Perennial.Authority.Revocation;

/// <summary>What is revoked, and the lists that say so.</summary>
public interface IRevocationStore
{
    /// <summary>Revokes an issued certificate, with an audit row. False when it was not issued, or is revoked already.</summary>
    /// <param name="slotId">The slot that issued it.</param>
    /// <param name="serialNumber">Its serial number, upper-case hexadecimal digits.</param>
    /// <param name="reason">Why.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<bool> TryRevokeAsync(string slotId, string serialNumber, RevocationReason reason, string actor, CancellationToken cancellationToken);

    /// <summary>What is known of a serial number.</summary>
    /// <param name="slotId">The slot.</param>
    /// <param name="serialNumber">The number, upper-case hexadecimal digits.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<CertificateStatus> FindAsync(string slotId, string serialNumber, CancellationToken cancellationToken);

    /// <summary>Every revoked certificate of a slot that had not expired at a time.</summary>
    /// <param name="slotId">The slot.</param>
    /// <param name="at">The time.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<RevokedCertificate>> ListAsync(string slotId, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>How many certificates of a slot were ever revoked; tells whether a list is up to date.</summary>
    /// <param name="slotId">The slot.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<long> CountAsync(string slotId, CancellationToken cancellationToken);

    /// <summary>The newest list of a slot; null when there is none yet.</summary>
    /// <param name="slotId">The slot.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<StoredRevocationList?> FindListAsync(string slotId, CancellationToken cancellationToken);

    /// <summary>Stores a list; false when one with its number or a greater one is stored already.</summary>
    /// <param name="slotId">The slot.</param>
    /// <param name="list">The list.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<bool> TrySaveListAsync(string slotId, StoredRevocationList list, CancellationToken cancellationToken);
}
