using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using Perennial.Server.Instances;
using Perennial.Server.Storage;

namespace Perennial.Server.Backups;

/// <summary>Writes all of an instance into one sealed file, while it serves.</summary>
internal sealed class MakeBackup(Instance instance, TimeProvider time)
{
    /// <param name="file">The backup; takes its place when it is whole.</param>
    /// <param name="passphrase">What opens it.</param>
    /// <param name="rounds">Of the key derivation.</param>
    /// <param name="cancellationToken">Stops; nothing is left behind.</param>
    /// <exception cref="IOException">The file is there already, or cannot be written.</exception>
    public BackupManifest Run(string file, string passphrase, int rounds, CancellationToken cancellationToken)
    {
        var draft = file + ".new";
        var snapshot = Path.Combine(instance.Folder, "perennial.db.backup");
        try
        {
            File.Delete(snapshot);
            OwnerOnlyFile.Create(snapshot).Dispose();
            DatabaseSnapshot.Write(instance.Database, snapshot, time, cancellationToken);
            File.Delete(draft);
            var manifest = Write(draft, snapshot, passphrase, rounds, cancellationToken);
            File.Move(draft, file, overwrite: false);
            return manifest;
        }
        finally
        {
            File.Delete(snapshot);
            File.Delete(draft);
        }
    }

    private BackupManifest Write(string draft, string snapshot, string passphrase, int rounds, CancellationToken cancellationToken)
    {
        using var output = OwnerOnlyFile.Create(draft);
        using var sealing = new SealedWriter(output, SealedHeader.Create(rounds), passphrase);
        var manifest = WriteEntries(sealing, snapshot, cancellationToken);
        sealing.Complete();
        output.Flush(flushToDisk: true);
        return manifest;
    }

    private BackupManifest WriteEntries(SealedWriter sealing, string snapshot, CancellationToken cancellationToken)
    {
        using var tar = new TarWriter(sealing, TarEntryFormat.Pax, leaveOpen: true);
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in BackupFiles.Of(instance))
        {
            Add(tar, name, Path.Combine(instance.Folder, name), hashes);
        }

        cancellationToken.ThrowIfCancellationRequested();
        Add(tar, BackupFiles.Database, snapshot, hashes);
        var manifest = new BackupManifest
        {
            Made = time.GetUtcNow(),
            IdScope = instance.Document.IdScope,
            Files = hashes,
            Rows = DatabaseSnapshot.Examine(snapshot),
        };
        using var json = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest));
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, BackupFiles.Manifest) { DataStream = json });
        return manifest;
    }

    private static void Add(TarWriter tar, string name, string path, Dictionary<string, string> hashes)
    {
        using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        hashes.Add(name, Convert.ToHexString(SHA256.HashData(content)));
        content.Position = 0;
        var entry = new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content };
        if (!OperatingSystem.IsWindows())
        {
            entry.Mode = File.GetUnixFileMode(path);
        }

        tar.WriteEntry(entry);
    }
}
