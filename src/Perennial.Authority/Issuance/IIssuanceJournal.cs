using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>The journal of signatures: the intent before, the certificate after. What a method returns for is on disk.</summary>
public interface IIssuanceJournal
{
    /// <summary>Records an intent. False when the slot has the serial number already.</summary>
    /// <param name="intent">What is about to be signed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<bool> TryIntendAsync(IssuanceIntent intent, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the certificate of an intent, with an audit row. When another one was stored for the same idempotency key meanwhile, this one
    /// is given up and the other one is answered.
    /// </summary>
    /// <param name="intent">The intent.</param>
    /// <param name="certificate">What was signed.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The record that counts.</returns>
    Task<IssuanceRecord> CompleteAsync(IssuanceIntent intent, Certificate certificate, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Records that an intent is given up.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task AbandonAsync(IssuanceIntent intent, string reason, CancellationToken cancellationToken);

    /// <summary>The issued certificate of an idempotency key; null when there is none, or when it is revoked.</summary>
    /// <param name="profileName">The profile.</param>
    /// <param name="commonName">The device.</param>
    /// <param name="idempotencyKey">The key.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IssuanceRecord?> FindIssuedAsync(string profileName, string commonName, string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>The newest records of a device, newest first.</summary>
    /// <param name="commonName">The device.</param>
    /// <param name="limit">The most that are answered.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<IssuanceRecord>> ListAsync(string commonName, int limit, CancellationToken cancellationToken);
}
