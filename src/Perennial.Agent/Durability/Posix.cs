using System.Runtime.InteropServices;

namespace Perennial.Agent.Durability;

/// <summary>The calls of the operating system that .NET does not offer.</summary>
internal static partial class Posix
{
    private const int ReadDirectory = 0x10000; // O_RDONLY | O_DIRECTORY on x64

    private const int ReadDirectoryArm = 0x4000;

    /// <summary>Flushes the names in a directory to the disk, so that a rename survives a power cut.</summary>
    public static void FlushDirectory(string path)
    {
        var flags = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? ReadDirectoryArm : ReadDirectory;
        var descriptor = Open(path, flags);
        if (descriptor < 0)
        {
            throw Failure("open", path);
        }

        var outcome = Flush(descriptor);
        var failure = outcome < 0 ? Failure("flush", path) : null;
        _ = Close(descriptor);
        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>Renames; what stood at the target is replaced in one step, a symbolic link included.</summary>
    public static void Rename(string from, string to)
    {
        if (RenameFile(from, to) < 0)
        {
            throw Failure("rename", from);
        }
    }

    /// <summary>Sets a variable where native libraries look for it, too.</summary>
    public static void SetVariable(string name, string value)
    {
        if (SetEnvironment(name, value, 1) < 0)
        {
            throw Failure("set", name);
        }
    }

    private static IOException Failure(string act, string what) =>
        new($"Could not {act} {what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameFile(string from, string to);

    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
