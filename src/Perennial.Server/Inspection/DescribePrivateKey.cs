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
            return ($"elliptic curve {curve.ExportParameters(includePrivateParameters: false).Curve.Oid.FriendlyName}", curve.ExportSubjectPublicKeyInfo());
        }

        using var rsa = RSA.Create();
        return TryImport(rsa, der) ? ($"RSA {rsa.KeySize} bits", rsa.ExportSubjectPublicKeyInfo()) : null;
    }

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
