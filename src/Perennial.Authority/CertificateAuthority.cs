using Perennial.X509;

namespace Perennial.Authority;

/// <summary>Issues certificates with a key at hand. Thread-safe: one certificate is signed at a time.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private readonly Lock _turn = new();
    private readonly TimeProvider _clock;
    private readonly CertificateIssuer _issuer;

    /// <summary>Takes up an authority that exists already.</summary>
    /// <param name="own">Its certificate and key; disposed with this.</param>
    /// <param name="clock">The clock that validity is counted from.</param>
    /// <exception cref="ArgumentException">The certificate is not an authority's.</exception>
    public CertificateAuthority(IssuedCertificate own, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(clock);
        if (!own.Certificate.IsCertificateAuthority)
        {
            throw new ArgumentException($"{own.Certificate} is not the certificate of an authority.", nameof(own));
        }

        Own = own;
        _clock = clock;
        _issuer = new(clock);
    }

    /// <summary>Its own certificate and key.</summary>
    public IssuedCertificate Own { get; }

    /// <summary>Its own certificate.</summary>
    public Certificate Certificate => Own.Certificate;

    /// <summary>Makes a self-signed root with a new key.</summary>
    /// <param name="profile">What its certificate shall say.</param>
    /// <param name="clock">The clock that validity is counted from.</param>
    public static CertificateAuthority CreateRoot(AuthorityProfile profile, TimeProvider clock) =>
        new(new CertificateIssuer(clock).Issue(profile, issuer: null), clock);

    /// <summary>Makes an authority below this one with a new key.</summary>
    /// <param name="profile">What its certificate shall say.</param>
    public CertificateAuthority IssueIntermediate(AuthorityProfile profile)
    {
        lock (_turn)
        {
            return new(_issuer.Issue(profile, Own), _clock);
        }
    }

    /// <summary>Makes a leaf with a new key.</summary>
    /// <param name="profile">What its certificate shall say.</param>
    public IssuedCertificate IssueLeaf(LeafProfile profile)
    {
        lock (_turn)
        {
            return _issuer.Issue(profile, Own);
        }
    }

    /// <inheritdoc />
    public void Dispose() => Own.Dispose();
}
