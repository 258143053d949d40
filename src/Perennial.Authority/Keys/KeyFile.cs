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
        WriteSecret(path, key.ExportPem(), overwrite: true);
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

    /// <summary>Writes the text of an encrypted key as <see cref="Write"/> does, and never over another.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pem">The encrypted key.</param>
    /// <exception cref="IOException">The file is there already, or cannot be written.</exception>
    internal static void WriteNew(string path, string pem) => WriteSecret(path, pem, overwrite: false);

    /// <summary>Writes a text that is on disk before it bears its name.</summary>
    internal static void WriteText(string path, string text) => WriteSecret(path, text, overwrite: true);

    private static void WriteSecret(string path, string pem, bool overwrite)
    {
        var unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(unfinished, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(pem));
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite);
    }
}
