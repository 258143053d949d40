using System.Security.Cryptography;

namespace Perennial.Authority.Keys;

/// <summary>Keys in encrypted files of one folder: PKCS #8 below a passphrase, mode 0600.</summary>
/// <param name="folder">The keys folder.</param>
/// <param name="readPassphrase">Reads the passphrase; asked at each opening, so that a new one counts at once.</param>
/// <param name="rounds">Of the key derivation of new files.</param>
public sealed class EncryptedFileKeys(string folder, Func<string> readPassphrase, int rounds = PrivateKey.Rounds) : IIssuerKeys
{
    private const int MaxLength = 64 * 1024;

    /// <inheritdoc />
    public bool Keeps(KeyAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.FileName is not null;
    }

    /// <inheritdoc />
    public Task<IIssuerKey> OpenAsync(KeyAddress address, CancellationToken cancellationToken)
    {
        var path = PathOf(address);
        return Task.Run<IIssuerKey>(() => Open(path), cancellationToken);
    }

    /// <inheritdoc />
    public Task<IIssuerKey> CreateAsync(KeyAddress address, KeyAlgorithm algorithm, CancellationToken cancellationToken)
    {
        var path = PathOf(address);
        return Task.Run<IIssuerKey>(() => Create(path, algorithm), cancellationToken);
    }

    private LocalKey Open(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxLength)
            {
                throw new KeyUnavailableException(KeyState.Lost, $"{path} is larger than {MaxLength} bytes: it is no key file. Restore it from a backup.");
            }

            return new LocalKey(PrivateKey.FromEncryptedPem(File.ReadAllText(path), readPassphrase()));
        }
        catch (CryptographicException fault)
        {
            throw new KeyUnavailableException(KeyState.Locked, $"The passphrase does not open {path}. Give the one it was made with.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new KeyUnavailableException(KeyState.Lost, $"A key cannot be read: {fault.Message} Restore it from a backup.", fault);
        }
    }

    private LocalKey Create(string path, KeyAlgorithm algorithm)
    {
        var key = PrivateKey.Create(algorithm);
        try
        {
            KeyFile.WriteNew(path, key.ExportEncryptedPem(readPassphrase(), rounds));
            return new LocalKey(key);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new KeyUnavailableException(KeyState.Lost, $"A key cannot be written: {fault.Message}", fault);
        }
    }

    private string PathOf(KeyAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Path.Combine(folder, address.FileName ?? throw new ArgumentException($"{address} is no file.", nameof(address)));
    }
}
