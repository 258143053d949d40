using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using Perennial.Server.Instances;
using Perennial.Server.Storage;

namespace Perennial.Server.Backups;

/// <summary>Makes a data folder of a backup, after everything in it was checked.</summary>
internal static class RestoreBackup
{
    private const int MaxManifest = 1024 * 1024;

    private const UnixFileMode MostMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <param name="file">The backup.</param>
    /// <param name="folder">The data folder; must be empty or not there.</param>
    /// <param name="passphrase">What it was sealed with.</param>
    /// <exception cref="OperatorException">It cannot be restored; the folder is as it was.</exception>
    public static BackupManifest Run(string file, string folder, string passphrase)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new OperatorException($"the folder {folder} is not empty. Restore into one that is, or is not there yet.");
        }

        var draft = Path.TrimEndingDirectorySeparator(folder) + ".restoring";
        try
        {
            DeleteFolder(draft);
            MakeOwnerOnly(draft);
            MakeOwnerOnly(Path.Combine(draft, "keys"));
            var manifest = Extract(file, draft, passphrase);
            Check(draft, manifest);
            PointAtFile(draft);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder);
            }

            Directory.Move(draft, folder);
            return manifest;
        }
        catch (Exception exception) when (
            exception is CryptographicException or InvalidDataException or IOException or JsonException or UnauthorizedAccessException)
        {
            throw new OperatorException($"{file} cannot be restored: {exception.Message}", exception);
        }
        finally
        {
            DeleteFolder(draft);
        }
    }

    private static BackupManifest Extract(string file, string draft, string passphrase)
    {
        using var input = File.OpenRead(file);
        using var opened = Open(input, passphrase);
        using var tar = new TarReader(opened);
        BackupManifest? manifest = null;
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.EntryType != TarEntryType.RegularFile || !BackupFiles.IsAllowed(entry.Name))
            {
                throw new InvalidDataException($"It holds '{entry.Name}', which belongs into no data folder.");
            }

            if (entry.Name == BackupFiles.Manifest)
            {
                manifest = ReadManifest(entry);
                continue;
            }

            Write(entry, Path.Combine(draft, entry.Name));
        }

        // The archive may end before the file does: only at the file's end is it known that nothing was cut off.
        opened.CopyTo(Stream.Null);
        return manifest ?? throw new InvalidDataException("It has no manifest.");
    }

    private static void Write(TarEntry entry, string path)
    {
        using var target = OwnerOnlyFile.Create(path);
        entry.DataStream?.CopyTo(target);
        target.Flush(flushToDisk: true);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(target.SafeFileHandle, entry.Mode & MostMode);
        }
    }

    private static SealedReader Open(Stream input, string passphrase)
    {
        if (!SealedHeader.TryRead(input, out var header))
        {
            throw new InvalidDataException("It is no backup of perennial.");
        }

        try
        {
            return new SealedReader(input, header, passphrase);
        }
        catch (CryptographicException exception)
        {
            throw new InvalidDataException("The passphrase is not the one it was made with, or the file was changed.", exception);
        }
    }

    private static BackupManifest ReadManifest(TarEntry entry) =>
        entry is { DataStream: { } content, Length: <= MaxManifest } && JsonSerializer.Deserialize(content, BackupJson.Default.BackupManifest) is { } manifest
            ? manifest
            : throw new InvalidDataException("Its manifest cannot be read.");

    private static void Check(string draft, BackupManifest manifest)
    {
        foreach (var (name, hash) in manifest.Files)
        {
            using var content = File.OpenRead(Path.Combine(draft, name));
            if (Convert.ToHexString(SHA256.HashData(content)) != hash)
            {
                throw new InvalidDataException($"Its file '{name}' was changed.");
            }
        }

        var rows = DatabaseSnapshot.Examine(Path.Combine(draft, BackupFiles.Database));
        if (rows.Count != manifest.Rows.Count || manifest.Rows.Any(table => rows.GetValueOrDefault(table.Key, -1) != table.Value))
        {
            throw new InvalidDataException("Its database holds other rows than it says.");
        }
    }

    // The records are in the folder now, wherever they were.
    private static void PointAtFile(string draft)
    {
        var path = Path.Combine(draft, "instance.json");
        var document = JsonSerializer.Deserialize(File.ReadAllBytes(path), InstanceJson.Default.InstanceDocument)
            ?? throw new InvalidDataException("Its instance.json cannot be read.");
        AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(document with { Database = BackupFiles.Database }, InstanceJson.Default.InstanceDocument));
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void MakeOwnerOnly(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
