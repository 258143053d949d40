namespace Perennial.Server.Instances;

/// <summary>Files that are whole or not there: written beside, flushed to disk, then renamed.</summary>
internal static class AtomicFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes a file that anyone may read.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content) => Write(path, content, Readable);

    /// <summary>Writes a file that only its owner may read, from its first byte on.</summary>
    public static void WriteSecret(string path, ReadOnlySpan<byte> content) => Write(path, content, OwnerOnly);

    private static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using (var file = new FileStream(draft, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
