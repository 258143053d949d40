using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.X509;

namespace Perennial.TestCertificates;

/// <summary>A certificate authority for tests: makes sound certificates unless told otherwise.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly TestCertificate _own;
    private readonly TestCertificateOptions _options;

    private TestAuthority(TestCertificate own, TestCertificateOptions options)
    {
        _own = own;
        _options = options;
    }

    /// <summary>The authority's own certificate and key.</summary>
    public TestCertificate Own => _own;

    /// <summary>The authority's own certificate.</summary>
    public Certificate Certificate => _own.Certificate;

    /// <summary>Makes a self-signed authority.</summary>
    public static TestAuthority CreateRoot(string commonName = "Test Root", TestCertificateOptions? options = null)
    {
        options ??= new();
        return new(Make(commonName, options, issuer: null, isAuthority: true), options);
    }

    /// <summary>Makes a self-signed certificate of a device.</summary>
    public static TestCertificate CreateSelfSignedLeaf(string commonName, TestCertificateOptions? options = null) =>
        Make(commonName, options ?? new(), issuer: null, isAuthority: false);

    /// <summary>Makes an authority below this one.</summary>
    public TestAuthority CreateIntermediate(string commonName = "Test Intermediate", TestCertificateOptions? options = null)
    {
        options ??= new();
        return new(Make(commonName, options, this, isAuthority: true), options);
    }

    /// <summary>Makes the certificate of a device, for client authentication.</summary>
    public TestCertificate IssueLeaf(string commonName, TestCertificateOptions? options = null) =>
        Make(commonName, options ?? new(), this, isAuthority: false);

    /// <summary>Makes the certificate of a server for these DNS names.</summary>
    public TestCertificate IssueServer(params string[] dnsNames) =>
        IssueLeaf(dnsNames[0], new() { DnsNames = dnsNames, Purposes = [ChainPolicyOptions.ServerAuthentication] });

    /// <summary>A self-made authority that bears this one's name and key identifier, but has another key.</summary>
    public TestAuthority Forge()
    {
        var options = _options with
        {
            Subject = Certificate.Subject.Der,
            Key = TestKey.P256(),
            SubjectKeyIdentifier = Certificate.SubjectKeyIdentifier,
        };
        return new(Make("forged", options, issuer: null, isAuthority: true), options);
    }

    /// <summary>The successor of this root in a roll: the same name, another key.</summary>
    public TestAuthority RollRoot()
    {
        var options = _options with { Subject = Certificate.Subject.Der, Key = TestKey.P256(), SubjectKeyIdentifier = null };
        return new(Make("rolled", options, issuer: null, isAuthority: true), options);
    }

    public void Dispose() => _own.Dispose();

    private static TestCertificate Make(string commonName, TestCertificateOptions options, TestAuthority? issuer, bool isAuthority)
    {
        var key = options.Key ?? TestKey.P256();
        var subject = options.Subject ?? TestName.Of(commonName);
        var extensions = ExtensionsFor(options, key, issuer, isAuthority);
        var writer = new CertificateWriter(options, TestKey.Signer(issuer?._own.Key ?? key, options.Padding));
        return new(writer.Write(issuer?.Certificate.Subject.Der ?? subject, subject, key, extensions), key);
    }

    private static List<X509Extension> ExtensionsFor(TestCertificateOptions options, AsymmetricAlgorithm key, TestAuthority? issuer, bool isAuthority)
    {
        var extensions = new List<X509Extension>();
        if (options.HasBasicConstraints)
        {
            extensions.Add(new X509BasicConstraintsExtension(
                options.IsAuthority ?? isAuthority, options.PathLength is not null, options.PathLength ?? 0, critical: true));
        }

        var usage = options.KeyUsage ?? (isAuthority ? X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign : X509KeyUsageFlags.DigitalSignature);
        if (usage != X509KeyUsageFlags.None)
        {
            extensions.Add(new X509KeyUsageExtension(usage, critical: true));
        }

        var purposes = options.Purposes ?? (isAuthority ? [] : [ChainPolicyOptions.ClientAuthentication]);
        if (purposes.Count > 0)
        {
            extensions.Add(new X509EnhancedKeyUsageExtension([.. purposes.Select(p => new Oid(p))], critical: false));
        }

        if (options.HasKeyIdentifiers)
        {
            AddKeyIdentifiers(extensions, options, key, issuer);
        }

        if (options.DnsNames.Count > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var name in options.DnsNames)
            {
                names.AddDnsName(name);
            }

            extensions.Add(names.Build());
        }

        extensions.AddRange(options.Extensions);
        return extensions;
    }

    private static void AddKeyIdentifiers(
        List<X509Extension> extensions, TestCertificateOptions options, AsymmetricAlgorithm key, TestAuthority? issuer)
    {
        var own = options.SubjectKeyIdentifier is { } given ? given : SHA256.HashData(TestKey.PublicKey(key)).AsMemory(0, 20);
        extensions.Add(new X509SubjectKeyIdentifierExtension(own.Span, critical: false));
        var above = issuer is null ? own : issuer.Certificate.SubjectKeyIdentifier;
        if (above is { } identifier)
        {
            extensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier.Span));
        }
    }
}
