using System.Text;

namespace Perennial.Authority.Keys;

/// <summary>A private key in a PEM file that only its owner may read.</summary>
public static class KeyFile
{
    private const int MaxLength = 64 * 1024;

    /// <summary>Writes the key, on disk before it bears its name, with mode 0600. An existing file is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The key.</param>
    public static void Write(string path, PrivateKey key)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(key);
        var unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(unfinished, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(key.ExportPem()));
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Reads a key.</summary>
    /// <param name="path">The file, at most 64 KB.</param>
    /// <exception cref="InvalidDataException">The file is too large to be a key.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The file holds no unencrypted PEM private key.</exception>
    public static PrivateKey Read(string path)
    {
        if (new FileInfo(path).Length > MaxLength)
        {
            throw new InvalidDataException($"{path} is larger than {MaxLength} bytes: it is no key file.");
        }

        return PrivateKey.FromPem(File.ReadAllText(path));
    }
}
