using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.Authority;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Server.Instances;

/// <summary>The instance's own root, and the server certificates below it. Their keys stay in the keys folder.</summary>
internal sealed class SelfMadeIssuer(string keysFolder, TimeProvider time)
{
    /// <summary>Life of a server certificate; it is rolled when a third is left.</summary>
    public static readonly TimeSpan ServerLife = TimeSpan.FromDays(90);

    private static readonly TimeSpan RootLife = TimeSpan.FromDays(20 * 365);

    /// <summary>Makes the root of a new instance, when there is none yet.</summary>
    public void EnsureRoot(string idScope)
    {
        using var stored = TryLoad("root");
        if (stored is null)
        {
            using var root = CertificateAuthority.CreateRoot(
                new AuthorityProfile { CommonName = $"Perennial root {idScope}", Lifetime = RootLife, PathLength = 0 }, time);
            Store("root", root.Own);
        }
    }

    /// <summary>The root; clients trust it, so one that is gone is not replaced.</summary>
    public CertificateAuthority Root() => TryLoad("root") is { } stored
        ? new CertificateAuthority(stored, time)
        : throw new OperatorException($"{CertificateFile("root")} or its key is missing, and clients trust that root. Restore both from a backup.");

    /// <summary>The stored server certificate when it still serves these names, otherwise a new one below the root.</summary>
    public X509Certificate2 Server(CertificateAuthority root, IReadOnlyList<string> names)
    {
        using var stored = TryLoad("server");
        if (stored is not null && Serves(stored.Certificate, root.Certificate))
        {
            var certificate = stored.ToTlsCertificate();
            if (names.All(NamesOf(certificate).Contains))
            {
                return certificate;
            }

            certificate.Dispose();
        }

        using var fresh = root.IssueLeaf(ProfileOf(names));
        Store("server", fresh);
        return fresh.ToTlsCertificate();
    }

    private bool Serves(Certificate stored, Certificate root) =>
        stored.NotAfter - time.GetUtcNow() >= ServerLife / 3 && stored.Issuer.Key == root.Subject.Key;

    private static HashSet<string> NamesOf(X509Certificate2 certificate) => certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
        .SelectMany(san => san.EnumerateDnsNames().Concat(san.EnumerateIPAddresses().Select(address => address.ToString())))
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static LeafProfile ProfileOf(IReadOnlyList<string> names) => new()
    {
        CommonName = Shorten(names[0]),
        Purpose = LeafPurpose.Server,
        Lifetime = ServerLife,
        DnsNames = [.. names.Where(name => !IPAddress.TryParse(name, out _))],
        Addresses = [.. names.Select(name => IPAddress.TryParse(name, out var address) ? address : null).OfType<IPAddress>()],
    };

    // A common name has at most 64 characters; clients look at the alternative names.
    private static string Shorten(string name) => name.Length <= CommonName.MaxLength ? name : name[..CommonName.MaxLength];

    private IssuedCertificate? TryLoad(string name)
    {
        var (certificateFile, keyFile) = (CertificateFile(name), KeyPath(name));
        if (!File.Exists(certificateFile) || !File.Exists(keyFile))
        {
            return null;
        }

        try
        {
            return Pem.TryReadCertificates(File.ReadAllText(certificateFile), out var certificates, out var refusal)
                ? new IssuedCertificate(certificates[0], KeyFile.Read(keyFile))
                : throw new InvalidDataException(refusal.Detail);
        }
        catch (Exception exception) when (exception is CryptographicException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"{certificateFile} and its key cannot be read: {exception.Message} Restore both from a backup.", exception);
        }
    }

    // The key first: without a certificate beside it, it is made anew.
    private void Store(string name, IssuedCertificate issued)
    {
        File.Delete(CertificateFile(name));
        KeyFile.Write(KeyPath(name), issued.Key);
        AtomicFile.Write(CertificateFile(name), Encoding.ASCII.GetBytes(issued.CertificatePem));
    }

    private string CertificateFile(string name) => Path.Combine(keysFolder, name + ".pem");

    private string KeyPath(string name) => Path.Combine(keysFolder, name + ".key");
}
