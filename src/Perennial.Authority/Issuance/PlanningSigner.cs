using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.Authority.Keys;

namespace Perennial.Authority.Issuance;

/// <summary>Stands in for the issuer's key while a certificate is planned: keeps the bytes to sign, and gives a signature of zeros.</summary>
internal sealed class PlanningSigner(SignatureAlgorithm algorithm, ReadOnlyMemory<byte> publicKeyInfo = default) : X509SignatureGenerator
{
    /// <summary>The bytes that were to be signed.</summary>
    internal byte[] Planned { get; private set; } = [];

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => algorithm.Identifier.ToArray();

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)
    {
        Planned = data;
        return new byte[8];
    }

    protected override PublicKey BuildPublicKey() => PublicKey.CreateFromSubjectPublicKeyInfo(publicKeyInfo.Span, out _);
}
