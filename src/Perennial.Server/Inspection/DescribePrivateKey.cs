using System.Security.Cryptography;

namespace Perennial.Server.Inspection;

/// <summary>Says of a private key what its public half says: its kind, and which certificates are of it.</summary>
internal static class DescribePrivateKey
{
    /// <returns>The kind in words and the SubjectPublicKeyInfo; null when it cannot be read.</returns>
    public static (string Kind, byte[] PublicKey)? KindOf(ReadOnlySpan<byte> der)
    {
        using var curve = ECDsa.Create();
        if (TryImport(curve, der))
        {
            return (CurveOf(curve), curve.ExportSubjectPublicKeyInfo());
        }

        using var rsa = RSA.Create();
        return TryImport(rsa, der) ? ($"RSA {rsa.KeySize} bits", rsa.ExportSubjectPublicKeyInfo()) : null;
    }

    /// <summary>The curve of a key, by the name that people use.</summary>
    public static string CurveOf(ECDsa key) => key.ExportParameters(includePrivateParameters: false).Curve.Oid switch
    {
        { Value: "1.2.840.10045.3.1.7" } or { FriendlyName: "nistP256" or "ECDSA_P256" } => "elliptic curve P-256",
        { Value: "1.3.132.0.34" } or { FriendlyName: "nistP384" or "ECDSA_P384" } => "elliptic curve P-384",
        { Value: "1.3.132.0.35" } or { FriendlyName: "nistP521" or "ECDSA_P521" } => "elliptic curve P-521",
        var other => $"elliptic curve {other.FriendlyName ?? other.Value}",
    };

    private static bool TryImport(ECDsa key, ReadOnlySpan<byte> der) =>
        TryImport(der, bytes => key.ImportPkcs8PrivateKey(bytes, out _)) || TryImport(der, bytes => key.ImportECPrivateKey(bytes, out _));

    private static bool TryImport(RSA key, ReadOnlySpan<byte> der) =>
        TryImport(der, bytes => key.ImportPkcs8PrivateKey(bytes, out _)) || TryImport(der, bytes => key.ImportRSAPrivateKey(bytes, out _));

    private static bool TryImport(ReadOnlySpan<byte> der, Import import)
    {
        try
        {
            import(der);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private delegate void Import(ReadOnlySpan<byte> der);
}
