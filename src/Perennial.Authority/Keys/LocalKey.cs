namespace Perennial.Authority.Keys;

/// <summary>A key in the memory of this process. One signature is made at a time.</summary>
public sealed class LocalKey : IIssuerKey
{
    private readonly Lock _turn = new();
    private readonly PrivateKey _key;

    /// <summary>Takes up a key.</summary>
    /// <param name="key">The key; disposed with this.</param>
    public LocalKey(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _key = key;
        PublicKeyInfo = key.PublicKey.ExportSubjectPublicKeyInfo();
    }

    /// <inheritdoc />
    public ReadOnlyMemory<byte> PublicKeyInfo { get; }

    /// <inheritdoc />
    public SignatureAlgorithm Algorithm => _key.SignatureAlgorithm;

    /// <inheritdoc />
    public Task<byte[]> SignAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            return Task.FromResult(_key.Sign(content.Span));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();
}
