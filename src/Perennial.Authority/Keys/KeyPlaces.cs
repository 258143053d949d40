namespace Perennial.Authority.Keys;

/// <summary>All places where keys of issuing authorities are kept.</summary>
/// <param name="places">One for each kind of place.</param>
public sealed class KeyPlaces(IReadOnlyList<IIssuerKeys> places)
{
    /// <inheritdoc cref="IIssuerKeys.OpenAsync"/>
    public Task<IIssuerKey> OpenAsync(KeyAddress address, CancellationToken cancellationToken) =>
        PlaceOf(address).OpenAsync(address, cancellationToken);

    /// <inheritdoc cref="IIssuerKeys.CreateAsync"/>
    public Task<IIssuerKey> CreateAsync(KeyAddress address, KeyAlgorithm algorithm, CancellationToken cancellationToken) =>
        PlaceOf(address).CreateAsync(address, algorithm, cancellationToken);

    private IIssuerKeys PlaceOf(KeyAddress address) => places.FirstOrDefault(place => place.Keeps(address))
        ?? throw new KeyUnavailableException(KeyState.Lost, $"No place of this server keeps keys at {address}.");
}
