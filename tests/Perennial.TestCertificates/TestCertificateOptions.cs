using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Perennial.TestCertificates;

/// <summary>How a test certificate differs from a proper one.</summary>
public sealed record TestCertificateOptions
{
    public static readonly DateTimeOffset DefaultNotBefore = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset DefaultNotAfter = new(2049, 12, 31, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset NotBefore { get; init; } = DefaultNotBefore;

    public DateTimeOffset NotAfter { get; init; } = DefaultNotAfter;

    /// <summary>The encoded subject; null for CN = the name given. See <see cref="TestName"/>.</summary>
    public ReadOnlyMemory<byte>? Subject { get; init; }

    /// <summary>The key pair; null for a new P-256 pair.</summary>
    public AsymmetricAlgorithm? Key { get; init; }

    /// <summary>The CA bit; null for what fits the role.</summary>
    public bool? IsAuthority { get; init; }

    public bool HasBasicConstraints { get; init; } = true;

    public int? PathLength { get; init; }

    /// <summary>Null for what fits the role; None for no extension.</summary>
    public X509KeyUsageFlags? KeyUsage { get; init; }

    /// <summary>Purposes by object identifier; null for what fits the role (a leaf: client authentication), empty for no extension.</summary>
    public IReadOnlyList<string>? Purposes { get; init; }

    /// <summary>Whether subject and authority key identifiers are written.</summary>
    public bool HasKeyIdentifiers { get; init; } = true;

    /// <summary>Written in place of the hash of the key.</summary>
    public ReadOnlyMemory<byte>? SubjectKeyIdentifier { get; init; }

    /// <summary>DNS names for the subject alternative name.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];

    /// <summary>Further extensions, also ones that stand there already.</summary>
    public IReadOnlyList<X509Extension> Extensions { get; init; } = [];

    public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    public RSASignaturePadding Padding { get; init; } = RSASignaturePadding.Pkcs1;

    /// <summary>1 writes no extensions.</summary>
    public int Version { get; init; } = 3;

    /// <summary>Written, without parameters, in place of the true signature algorithm.</summary>
    public string? SignatureAlgorithm { get; init; }

    /// <summary>Written, without parameters, in place of the signature algorithm inside the signed part only.</summary>
    public string? SignedSignatureAlgorithm { get; init; }
}
