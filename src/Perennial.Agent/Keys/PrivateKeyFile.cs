using System.Security.Cryptography;
using System.Text;
using Perennial.Agent.Durability;

namespace Perennial.Agent.Keys;

/// <summary>A private key as PEM in a file that only its owner may read.</summary>
internal static class PrivateKeyFile
{
    private const int MaxLength = 64 * 1024;

    public static AsymmetricAlgorithm Read(string path)
    {
        RefuseOthers(path);
        if (new FileInfo(path).Length > MaxLength)
        {
            throw new AgentException($"{path} is longer than {MaxLength} bytes; it is not a key.");
        }

        var pem = File.ReadAllText(path);
        try
        {
            return IsRsa(pem) ? Rsa(pem) : Ecdsa(pem);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // The library's message tells nothing of the content, and neither does this one.
            throw new AgentException($"{path} holds no unencrypted EC or RSA key as PEM (PKCS#8, EC or RSA).");
        }
    }

    /// <exception cref="AgentException">The group or others may read or write the file.</exception>
    public static void RefuseOthers(string path)
    {
        if (!File.Exists(path))
        {
            throw new AgentException($"{path} is not there.");
        }

        if ((File.GetUnixFileMode(path) & ~(DurableFiles.OwnerOnly | UnixFileMode.UserExecute)) != 0)
        {
            throw new AgentException($"{path} may be read by others than its owner; run: chmod 600 {path}");
        }
    }

    public static byte[] Write(AsymmetricAlgorithm key) => Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n");

    private static bool IsRsa(string pem)
    {
        if (pem.Contains("BEGIN RSA PRIVATE KEY", StringComparison.Ordinal))
        {
            return true;
        }

        if (!pem.Contains("BEGIN PRIVATE KEY", StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            using var rsa = Rsa(pem);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static RSA Rsa(string pem)
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return rsa;
    }

    private static ECDsa Ecdsa(string pem)
    {
        var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(pem);
        return ecdsa;
    }
}
