using Perennial.Authority.Keys;

namespace Perennial.Storage.Tests.Suites;

/// <summary>A key that does not answer until the test says what.</summary>
internal sealed class StuckKey(ReadOnlyMemory<byte> publicKeyInfo) : IIssuerKey
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<byte[]> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when a signature was asked for.</summary>
    public Task Asked => _asked.Task;

    public ReadOnlyMemory<byte> PublicKeyInfo => publicKeyInfo;

    public SignatureAlgorithm Algorithm => SignatureAlgorithm.EcdsaSha256;

    public Task<byte[]> SignAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _asked.TrySetResult();
        return _answer.Task;
    }

    public void Fail(KeyState state) => _answer.SetException(new KeyUnavailableException(state, "The token does not answer."));

    public void Dispose()
    {
    }
}
