namespace Perennial.Server.Storage;

/// <summary>Files that only their owner may read, from their first byte on.</summary>
internal static class OwnerOnlyFile
{
    /// <exception cref="IOException">It is there already.</exception>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
