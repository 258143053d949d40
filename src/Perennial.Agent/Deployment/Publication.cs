using System.Text;
using Perennial.Agent.Configuration;
using Perennial.Agent.Durability;
using Perennial.X509;

namespace Perennial.Agent.Deployment;

/// <summary>
/// Certificate and key as files for other programs: each pair in a folder of its own below <c>versions</c>, and <c>current</c> a symbolic link to it.
/// Renaming the link is the one step by which the pair changes.
/// </summary>
internal sealed class Publication(PublishSettings settings, DurableFiles files)
{
    public const string CertificateName = "certificate.pem";
    public const string ChainName = "chain.pem";
    public const string KeyName = "key.pem";
    public const string TokenKeyName = "key.uri";
    public const string BundleName = "bundle.pem";

    private const string Versions = "versions";
    private const UnixFileMode Open = DurableFiles.Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly byte[] KeyStart = Encoding.ASCII.GetBytes("-----BEGIN ");

    /// <summary>The folder that programs read.</summary>
    public string Current => Path.Combine(settings.Directory, "current");

    /// <summary>Puts the pair into its folder and points the link at it.</summary>
    public void Write(CertificateChain chain, byte[] key) => Write(chain, key, Current);

    /// <summary>The same beside the pair in use, and away again: shows whether it could be written.</summary>
    public void Rehearse(CertificateChain chain, byte[] key)
    {
        var link = Path.Combine(settings.Directory, "rehearsal");
        try
        {
            Write(chain, key, link);
        }
        finally
        {
            File.Delete(link);
        }
    }

    private static string NameOf(CertificateChain chain) => chain.Leaf.Thumbprint.ToString()[..16];

    private void Write(CertificateChain chain, byte[] key, string link)
    {
        DurableFiles.MakeDirectory(settings.Directory, Open);
        var versions = Path.Combine(settings.Directory, Versions);
        DurableFiles.MakeDirectory(versions, Open);
        var folder = Path.Combine(versions, NameOf(chain));
        DurableFiles.MakeDirectory(folder, Open);
        Fill(folder, chain, key);
        var former = TargetOf(Current);
        files.PointLink(link, Path.Combine(Versions, NameOf(chain)));
        Clean(versions, [NameOf(chain), former, TargetOf(Current)]);
    }

    private void Fill(string folder, CertificateChain chain, byte[] key)
    {
        var all = Encoding.ASCII.GetBytes(string.Concat(chain.Issuers.Prepend(chain.Leaf).Select(Pem.Write)));
        var mode = (UnixFileMode)Convert.ToInt32(settings.KeyMode, 8);
        files.Write(Path.Combine(folder, CertificateName), Encoding.ASCII.GetBytes(Pem.Write(chain.Leaf)), DurableFiles.Readable);
        files.Write(Path.Combine(folder, ChainName), all, DurableFiles.Readable);
        if (!key.AsSpan().StartsWith(KeyStart))
        {
            files.Write(Path.Combine(folder, TokenKeyName), key, DurableFiles.Readable);
            return;
        }

        files.Write(Path.Combine(folder, KeyName), key, mode);
        files.Write(Path.Combine(folder, BundleName), [.. key, .. all], mode);
    }

    // The former pair stays for those who are reading it; it goes when the next one comes.
    private static void Clean(string versions, IReadOnlyList<string?> kept)
    {
        foreach (var folder in Directory.EnumerateDirectories(versions).Where(folder => !kept.Contains(Path.GetFileName(folder), StringComparer.Ordinal)).ToList())
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? TargetOf(string link) => new DirectoryInfo(link).LinkTarget is { } target ? Path.GetFileName(target) : null;
}
