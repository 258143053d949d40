using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.X509;

namespace Perennial.TestCertificates;

/// <summary>Signing requests as devices make them.</summary>
public static class TestSigningRequest
{
    /// <summary>A request for a key, with one common name.</summary>
    public static CertificateSigningRequest Make(string commonName, AsymmetricAlgorithm? key = null)
    {
        using var made = key is null ? TestKey.P256() : null;
        return CertificateSigningRequest.TryParse(Encode($"CN={commonName}", key ?? made!), out var request, out var refusal)
            ? request
            : throw new InvalidOperationException(refusal.Detail);
    }

    /// <summary>The encoding of a request for any subject.</summary>
    public static byte[] Encode(string subject, AsymmetricAlgorithm key) => key switch
    {
        ECDsa ecdsa => new CertificateRequest(subject, ecdsa, HashAlgorithmName.SHA256).CreateSigningRequest(),
        RSA rsa => new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest(),
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };
}
