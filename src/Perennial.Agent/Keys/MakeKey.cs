using System.Security.Cryptography;
using Perennial.Agent.Configuration;

namespace Perennial.Agent.Keys;

/// <summary>Makes keys in memory, for the store of files.</summary>
internal static class MakeKey
{
    public static AsymmetricAlgorithm Of(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.P256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        KeyAlgorithm.P384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        KeyAlgorithm.Rsa2048 => RSA.Create(2048),
        KeyAlgorithm.Rsa3072 => RSA.Create(3072),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
