namespace Perennial.X509.Parsing;

/// <summary>What stands in one signing request.</summary>
internal sealed class SigningRequestFields
{
    /// <summary>The bytes that are signed.</summary>
    internal required ReadOnlyMemory<byte> Signed { get; init; }

    internal required ReadOnlyMemory<byte> Signature { get; init; }

    internal required AlgorithmIdentifier SignatureAlgorithm { get; init; }

    internal required DistinguishedName Subject { get; init; }

    internal required SubjectPublicKey PublicKey { get; init; }
}
