using Perennial.Authority.Keys;

namespace Perennial.Storage.Tests.Suites;

/// <summary>A place that holds one key, whatever the address.</summary>
internal sealed class OneKey(IIssuerKey key) : IIssuerKeys
{
    public bool Keeps(KeyAddress address) => true;

    public Task<IIssuerKey> OpenAsync(KeyAddress address, CancellationToken cancellationToken) => Task.FromResult(key);

    public Task<IIssuerKey> CreateAsync(KeyAddress address, KeyAlgorithm algorithm, CancellationToken cancellationToken) =>
        throw new KeyUnavailableException(KeyState.Failing, "No key is made here.");
}
