using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Perennial.Server.Tests.Crashes;

/// <summary>
/// An ext4 file system in a file. <see cref="Cut"/> shuts it down without flushing its journal, as a power cut does: what no fsync wrote
/// down is gone at the next mount.
/// </summary>
internal sealed class LoopDisk : IAsyncDisposable
{
    // EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH.
    private const nuint Shutdown = 0x8004587D;
    private const uint NoLogFlush = 2;

    private readonly string _image;

    private LoopDisk(string image, string mount)
    {
        _image = image;
        Mount = mount;
    }

    // A process that another test starts meanwhile must not hold the folder, or it cannot be unmounted.
    private const int CloseOnExec = 0x80000;

    public string Mount { get; }

    /// <returns>Null where mounting is not allowed.</returns>
    public static async Task<LoopDisk?> TryCreateAsync(string folder)
    {
        if (!Environment.IsPrivilegedProcess || !OperatingSystem.IsLinux())
        {
            return null;
        }

        var disk = new LoopDisk(Path.Combine(folder, "disk"), Path.Combine(folder, "mount"));
        Directory.CreateDirectory(disk.Mount);
        await RunAsync("truncate", "-s", "512M", disk._image);
        return await RunAsync("mkfs.ext4", "-q", "-F", disk._image) == 0 && await disk.MountAsync() == 0 ? disk : null;
    }

    public void Cut()
    {
        using var root = OpenFolder(System.Text.Encoding.UTF8.GetBytes(Mount + "\0"), CloseOnExec);
        var flags = NoLogFlush;
        Assert.Equal(0, Control(root, Shutdown, ref flags));
    }

    /// <summary>Mounts the file system again, which replays what its journal holds.</summary>
    public async Task RemountAsync()
    {
        Assert.Equal(0, await RunAsync("umount", Mount));
        Assert.Equal(0, await MountAsync());
    }

    public async ValueTask DisposeAsync() => await RunAsync("umount", Mount);

    private Task<int> MountAsync() => RunAsync("mount", "-o", "loop", _image, Mount);

    private static async Task<int> RunAsync(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern SafeFileHandle OpenFolder(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "ioctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(SafeFileHandle file, nuint request, ref uint argument);
}
