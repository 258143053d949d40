namespace Perennial.Agent.Durability;

/// <summary>Files that are whole or not there, and stay after a power cut: written beside, flushed, renamed, and the directory flushed.</summary>
internal sealed class DurableFiles(KillSwitch kill)
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode OwnerOnlyDirectory = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>Makes a directory that only its owner may enter; one that is there is left as it is.</summary>
    public static void MakeDirectory(string path, UnixFileMode mode = OwnerOnlyDirectory)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        Directory.CreateDirectory(path, mode);
        Posix.FlushDirectory(ParentOf(path));
    }

    public void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        kill.Pass();
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode };
        using (var file = new FileStream(draft, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.SetUnixFileMode(draft, mode); // whatever the mask of the process is
        kill.Pass();
        Posix.Rename(draft, path);
        kill.Pass();
        Posix.FlushDirectory(ParentOf(path));
        kill.Pass();
    }

    public void Delete(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        kill.Pass();
        File.Delete(path);
        Posix.FlushDirectory(ParentOf(path));
        kill.Pass();
    }

    /// <summary>Points a symbolic link elsewhere in one step: whoever opens it sees the old target or the new one.</summary>
    public void PointLink(string link, string target)
    {
        kill.Pass();
        var draft = link + ".new";
        File.Delete(draft);
        File.CreateSymbolicLink(draft, target);
        kill.Pass();
        Posix.Rename(draft, link);
        kill.Pass();
        Posix.FlushDirectory(ParentOf(link));
        kill.Pass();
    }

    private static string ParentOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
}
