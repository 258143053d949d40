namespace Perennial.Authority.Keys;

/// <summary>The key of an issuing authority, wherever it is kept. Thread-safe.</summary>
public interface IIssuerKey : IDisposable
{
    /// <summary>The public key as an encoded SubjectPublicKeyInfo.</summary>
    ReadOnlyMemory<byte> PublicKeyInfo { get; }

    /// <summary>How it signs.</summary>
    SignatureAlgorithm Algorithm { get; }

    /// <summary>Signs.</summary>
    /// <param name="content">The bytes to hash and sign.</param>
    /// <param name="cancellationToken">Stops waiting; a signature may be made all the same.</param>
    /// <returns>The signature as a certificate holds it.</returns>
    /// <exception cref="KeyUnavailableException">The key cannot be used at this moment.</exception>
    Task<byte[]> SignAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);
}
