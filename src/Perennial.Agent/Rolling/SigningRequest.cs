using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.Agent.Connections;
using Perennial.X509;

namespace Perennial.Agent.Rolling;

/// <summary>The PKCS#10 request for the key in a place, and what must be true of the certificate that comes back.</summary>
internal static class SigningRequest
{
    public static byte[] Write(string commonName, AsymmetricAlgorithm key)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        var subject = name.Build();
        var request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, key.KeySize > 256 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256);
        return request.CreateSigningRequest();
    }

    /// <summary>Whether a request is for this name and this key.</summary>
    public static bool IsFor(byte[]? request, string commonName, AsymmetricAlgorithm key)
    {
        if (request is null)
        {
            return false;
        }

        try
        {
            var read = CertificateRequest.LoadSigningRequest(request, HashAlgorithmName.SHA256);
            var name = new X500DistinguishedNameBuilder();
            name.AddCommonName(commonName);
            return read.SubjectName.RawData.AsSpan().SequenceEqual(name.Build().RawData)
                && read.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo());
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Reads what was issued.</summary>
    /// <exception cref="ExchangeException">It is no certificate of this device, or of another key.</exception>
    public static CertificateChain ReadIssued(IReadOnlyList<string> issued, string commonName, AsymmetricAlgorithm key)
    {
        var encodings = new List<ReadOnlyMemory<byte>>();
        foreach (var text in issued.Take(CertificateChain.MaxIssuers + 1))
        {
            var bytes = new byte[text.Length];
            encodings.Add(Convert.TryFromBase64String(text, bytes, out var length) ? bytes.AsMemory(0, length) : throw Unusable("it is not base64"));
        }

        if (encodings.Count == 0 || !CertificateChain.TryCreate(encodings[0], [.. encodings.Skip(1)], out var chain, out var refusal))
        {
            throw Unusable("it is not a certificate");
        }

        if (!chain.Leaf.TryGetCommonName(out var name, out refusal) || !name.Value.Equals(commonName, StringComparison.OrdinalIgnoreCase))
        {
            throw Unusable("it is for another device");
        }

        using var leaf = X509CertificateLoader.LoadCertificate(chain.Leaf.Der.Span);
        return leaf.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo())
            ? chain
            : throw Unusable("it is for another key");
    }

    private static ExchangeException Unusable(string why) => new(FailureKind.Refused, $"the service issued what cannot be used: {why}");
}
