using System.Security.Cryptography.X509Certificates;
using System.Text;
using Perennial.Agent.Configuration;
using Perennial.Agent.Deployment;
using Perennial.Agent.Durability;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Agent.Tests.Deployment;

public sealed class PublicationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-agent-");
    private readonly TestAuthority _issuing = TestAuthority.CreateRoot("Device CA");

    public void Dispose()
    {
        _issuing.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Programs_find_the_leaf_the_chain_the_key_and_all_in_one()
    {
        var publication = Make("0640");
        var (chain, key) = Issue();
        publication.Write(chain, key);
        Assert.Equal(Pem.Write(chain.Leaf), Read(publication, Publication.CertificateName));
        Assert.Equal(Pem.Write(chain.Leaf) + Pem.Write(chain.Issuers[0]), Read(publication, Publication.ChainName));
        Assert.Equal(Encoding.ASCII.GetString(key), Read(publication, Publication.KeyName));
        Assert.Equal(Read(publication, Publication.KeyName) + Read(publication, Publication.ChainName), Read(publication, Publication.BundleName));
        foreach (var name in new[] { Publication.KeyName, Publication.BundleName })
        {
            var mode = File.GetUnixFileMode(Path.Combine(publication.Current, name));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, mode);
        }
    }

    [Fact]
    public async Task A_reader_never_sees_a_pair_that_does_not_match()
    {
        var publication = Make("0600");
        var pairs = Enumerable.Range(0, 60).Select(_ => Issue()).ToList();
        publication.Write(pairs[0].Chain, pairs[0].Key);
        using var done = new CancellationTokenSource();
        var reading = Task.Run(() => ReadPairs(publication, done.Token), TestContext.Current.CancellationToken);
        foreach (var (chain, key) in pairs)
        {
            publication.Write(chain, key);
        }

        await done.CancelAsync();
        var (pairsRead, bundles) = await reading;
        Assert.True(pairsRead > 1 && bundles > 1, $"{pairsRead} pairs and {bundles} bundles were read");
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(_folder.FullName, "tls", "versions")).Length);
    }

    [Fact]
    public void A_rehearsal_leaves_the_pair_in_use_alone()
    {
        var publication = Make("0600");
        var (chain, key) = Issue();
        publication.Write(chain, key);
        var before = new DirectoryInfo(publication.Current).LinkTarget;
        var (other, otherKey) = Issue();
        publication.Rehearse(other, otherKey);
        Assert.Equal(before, new DirectoryInfo(publication.Current).LinkTarget);
        Assert.Equal(["current", "versions"], Directory.EnumerateFileSystemEntries(Path.Combine(_folder.FullName, "tls")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void The_key_of_a_token_is_published_as_its_address()
    {
        var publication = Make("0600");
        publication.Write(Issue().Chain, "pkcs11:token=dev;object=a;type=private\n"u8.ToArray());
        Assert.Equal("pkcs11:token=dev;object=a;type=private\n", Read(publication, Publication.TokenKeyName));
        Assert.False(File.Exists(Path.Combine(publication.Current, Publication.KeyName)));
        Assert.False(File.Exists(Path.Combine(publication.Current, Publication.BundleName)));
    }

    private static string Read(Publication publication, string name) => File.ReadAllText(Path.Combine(publication.Current, name));

    // As programs read: the link is resolved once, and both files are taken from where it led; or the one file that holds both.
    private static (int Pairs, int Bundles) ReadPairs(Publication publication, CancellationToken done)
    {
        var (pairs, bundles) = (0, 0);
        while (!done.IsCancellationRequested)
        {
            var folder = new DirectoryInfo(publication.Current).ResolveLinkTarget(returnFinalTarget: true)!.FullName;
            try
            {
                using var pair = X509Certificate2.CreateFromPemFile(Path.Combine(folder, Publication.ChainName), Path.Combine(folder, Publication.KeyName));
                pairs++;
            }
            catch (IOException) when (!Directory.Exists(folder))
            {
                continue; // two pairs have come in the meantime
            }

            using var both = X509Certificate2.CreateFromPemFile(Path.Combine(publication.Current, Publication.BundleName));
            bundles++;
        }

        return (pairs, bundles);
    }

    private Publication Make(string keyMode) =>
        new(new PublishSettings { Directory = Path.Combine(_folder.FullName, "tls"), KeyMode = keyMode }, new DurableFiles(KillSwitch.Off));

    private (CertificateChain Chain, byte[] Key) Issue()
    {
        using var leaf = _issuing.IssueLeaf("lamp-1");
        Assert.True(CertificateChain.TryCreate(leaf.Certificate, [_issuing.Certificate], out var chain, out _));
        return (chain, Encoding.ASCII.GetBytes(leaf.KeyPem));
    }
}
