namespace Perennial.Authority.Keys;

/// <summary>Where the keys of issuing authorities are kept: one implementation for each kind of place.</summary>
public interface IIssuerKeys
{
    /// <summary>Whether keys with such an address are kept here.</summary>
    /// <param name="address">The address of a key.</param>
    bool Keeps(KeyAddress address);

    /// <summary>Opens a key.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="KeyUnavailableException">The key cannot be opened at this moment.</exception>
    Task<IIssuerKey> OpenAsync(KeyAddress address, CancellationToken cancellationToken);

    /// <summary>Makes a new key.</summary>
    /// <param name="address">Where it shall be; nothing is there yet.</param>
    /// <param name="algorithm">Its kind.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="KeyUnavailableException">The place cannot be used at this moment.</exception>
    Task<IIssuerKey> CreateAsync(KeyAddress address, KeyAlgorithm algorithm, CancellationToken cancellationToken);
}
