namespace Perennial.X509.Parsing;

/// <summary>What stands in one certificate.</summary>
internal sealed class CertificateFields
{
    /// <summary>The bytes that are signed.</summary>
    internal required ReadOnlyMemory<byte> Signed { get; init; }

    internal required ReadOnlyMemory<byte> Signature { get; init; }

    internal required AlgorithmIdentifier SignatureAlgorithm { get; init; }

    internal required AlgorithmIdentifier SignedSignatureAlgorithm { get; init; }

    internal required int Version { get; init; }

    internal required ReadOnlyMemory<byte> SerialNumber { get; init; }

    internal required DistinguishedName Issuer { get; init; }

    internal required DistinguishedName Subject { get; init; }

    internal required DateTimeOffset NotBefore { get; init; }

    internal required DateTimeOffset NotAfter { get; init; }

    internal required SubjectPublicKey PublicKey { get; init; }

    internal required CertificateExtensions Extensions { get; init; }
}
