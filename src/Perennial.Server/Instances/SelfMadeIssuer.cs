using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.X509;

namespace Perennial.Server.Instances;

/// <summary>The instance's own root, and the server certificates below it. Both keys are P-256 and stay in the keys folder.</summary>
internal sealed class SelfMadeIssuer(string keysFolder, TimeProvider time)
{
    /// <summary>Life of a server certificate; it is rolled when a third is left.</summary>
    public static readonly TimeSpan ServerLife = TimeSpan.FromDays(90);

    private static readonly TimeSpan RootLife = TimeSpan.FromDays(20 * 365);

    // Clocks of devices may be behind.
    private static readonly TimeSpan Backdate = TimeSpan.FromDays(1);

    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>The root, made on the first call.</summary>
    public X509Certificate2 Root(string idScope)
    {
        if (TryLoad("root", out var stored))
        {
            return stored;
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Perennial root {idScope}, O=Perennial", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        using var root = request.CreateSelfSigned(now - Backdate, now + RootLife);
        Store("root", root, key);
        return Load("root");
    }

    /// <summary>The stored server certificate when it still serves, otherwise a new one below the root.</summary>
    public X509Certificate2 Server(X509Certificate2 root, IReadOnlyList<string> names)
    {
        if (TryLoad("server", out var stored) && Serves(stored, root, names))
        {
            return stored;
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Shorten(names[0])}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], false));
        request.CertificateExtensions.Add(Names(names));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));
        var now = time.GetUtcNow();
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        using var certificate = request.Create(root, now - Backdate, now + ServerLife, serial);
        Store("server", certificate, key);
        return Load("server");
    }

    private bool Serves(X509Certificate2 stored, X509Certificate2 root, IReadOnlyList<string> names)
    {
        if (!Certificate.TryParse(stored.RawData, out var certificate, out _)
            || certificate.NotAfter - time.GetUtcNow() < ServerLife / 3
            || !certificate.Issuer.Der.Span.SequenceEqual(root.SubjectName.RawData))
        {
            return false;
        }

        var covered = stored.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(san =>
            san.EnumerateDnsNames().Concat(san.EnumerateIPAddresses().Select(address => address.ToString())));
        return names.All(covered.ToHashSet(StringComparer.OrdinalIgnoreCase).Contains);
    }

    private static X509Extension Names(IReadOnlyList<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                builder.AddIpAddress(address);
            }
            else
            {
                builder.AddDnsName(name);
            }
        }

        return builder.Build();
    }

    // A common name has at most 64 characters; clients look at the alternative names.
    private static string Shorten(string name) => name.Length <= 64 ? name : name[..64];

    private bool TryLoad(string name, [NotNullWhen(true)] out X509Certificate2? certificate)
    {
        certificate = File.Exists(CertificateFile(name)) && File.Exists(KeyFile(name)) ? Load(name) : null;
        return certificate is not null;
    }

    private X509Certificate2 Load(string name)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(CertificateFile(name), KeyFile(name));
        }
        catch (CryptographicException exception)
        {
            throw new OperatorException($"{CertificateFile(name)} and its key cannot be read: {exception.Message} Restore both from a backup.", exception);
        }
    }

    // The key first: a certificate without its key would be useless, a key without its certificate is made anew.
    private void Store(string name, X509Certificate2 certificate, ECDsa key)
    {
        File.Delete(CertificateFile(name));
        AtomicFile.WriteSecret(KeyFile(name), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        AtomicFile.Write(CertificateFile(name), Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"));
    }

    private string CertificateFile(string name) => Path.Combine(keysFolder, name + ".pem");

    private string KeyFile(string name) => Path.Combine(keysFolder, name + ".key");
}
