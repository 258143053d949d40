using System.Security.Cryptography.X509Certificates;
using Perennial.Authority;

namespace Perennial.Testing;

/// <summary>A certificate authority of a test: a root, or an intermediate below one.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly CertificateAuthority _authority;
    private readonly IReadOnlyList<TestAuthority> _withoutRoot;

    private TestAuthority(CertificateAuthority authority, TestAuthority? issuer)
    {
        _authority = authority;
        _withoutRoot = issuer is null ? [] : [this, .. issuer._withoutRoot];
        Certificate = X509CertificateLoader.LoadCertificate(authority.Certificate.Der.Span);
    }

    /// <summary>Its certificate, without the key; what an enrollment group holds in a slot.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Its certificate as PEM.</summary>
    public string Pem => _authority.Own.CertificatePem;

    /// <summary>Makes a root. Certificates begin five minutes before the clock's present.</summary>
    /// <param name="commonName">Its name, 1 to 64 characters.</param>
    /// <param name="time">The clock that validity is counted from; default the system's. Give it the host's when that is a fake one.</param>
    /// <returns>The root, valid for ten years.</returns>
    public static TestAuthority CreateRoot(string commonName, TimeProvider? time = null) =>
        new(CertificateAuthority.CreateRoot(new AuthorityProfile { CommonName = commonName }, time ?? TimeProvider.System), issuer: null);

    /// <summary>Makes an authority below this one.</summary>
    /// <param name="commonName">Its name, 1 to 64 characters.</param>
    /// <returns>The intermediate, valid for as long as this one.</returns>
    public TestAuthority IssueIntermediate(string commonName) =>
        new(_authority.IssueIntermediate(new AuthorityProfile { CommonName = commonName }), this);

    /// <summary>Makes a device's certificate below this authority.</summary>
    /// <param name="registrationId">Its common name.</param>
    /// <param name="lifetime">How long it is valid; default 90 days, never longer than the authority.</param>
    /// <returns>The certificate with its key.</returns>
    public DeviceCertificate IssueDevice(string registrationId, TimeSpan? lifetime = null)
    {
        var profile = new LeafProfile { CommonName = registrationId };
        return new(_authority.IssueLeaf(lifetime is { } life ? profile with { Lifetime = life } : profile), _withoutRoot);
    }

    /// <summary>Frees the key.</summary>
    public void Dispose()
    {
        Certificate.Dispose();
        _authority.Dispose();
    }
}
