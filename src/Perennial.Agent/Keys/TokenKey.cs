using System.Security.Cryptography;

namespace Perennial.Agent.Keys;

/// <summary>A private key used where it is, through OpenSSL's engine for PKCS#11 (Debian: libengine-pkcs11-openssl). See docs/adr/0028.</summary>
internal static class TokenKey
{
    public const string Scheme = "pkcs11:";

    private const string Engine = "pkcs11";

    public static AsymmetricAlgorithm? Open(string address)
    {
        SafeEvpPKeyHandle handle;
        try
        {
            handle = SafeEvpPKeyHandle.OpenPrivateKeyFromEngine(Engine, address);
        }
        catch (CryptographicException)
        {
            return null;
        }

        using (handle)
        {
            return (AsymmetricAlgorithm?)AsEcdsa(handle) ?? AsRsa(handle);
        }
    }

    private static ECDsaOpenSsl? AsEcdsa(SafeEvpPKeyHandle handle)
    {
        try
        {
            return new ECDsaOpenSsl(handle);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static RSAOpenSsl AsRsa(SafeEvpPKeyHandle handle) => new(handle);
}
