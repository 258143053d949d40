using System.Security.Cryptography;
using Perennial.Agent.Configuration;
using Perennial.Agent.Durability;
using Perennial.Agent.Keys;

namespace Perennial.Agent.Credentials;

/// <summary>Takes credentials out of where they are kept, ready for TLS.</summary>
internal sealed class HeldCredentials(IKeyStore keys, CertificateFiles certificates, AgentConfiguration configuration)
{
    /// <summary>The credential in a place; null when the certificate or its key is not there.</summary>
    public ClientCredential? Open(KeySlot slot)
    {
        if (certificates.Read(slot) is not { } chain || keys.Open(slot) is not { } key)
        {
            return null;
        }

        var credential = ClientCredential.Join(chain, key);
        if (credential is null)
        {
            key.Dispose();
        }

        return credential;
    }

    /// <summary>The factory certificate; null when the device was made with a symmetric key, or with nothing.</summary>
    public ClientCredential? OpenOnboarding()
    {
        if (configuration.Onboarding is not { Certificate: { } path, Key: { } keyPath })
        {
            return null;
        }

        if (!File.Exists(path))
        {
            throw new AgentException($"{path} is not there; correct onboarding.certificate.");
        }

        if (!CertificateFiles.TryRead(path, out var chain, out var refusal))
        {
            throw new AgentException($"{path}: {refusal.Reason.Number} {refusal.Detail}");
        }

        var key = keyPath.StartsWith(TokenKey.Scheme, StringComparison.Ordinal) ? OpenTokenKey(keyPath) : PrivateKeyFile.Read(keyPath);
        return ClientCredential.Join(chain, key) ?? throw new AgentException($"{keyPath} is not the key of the leaf in {path}.");
    }

    /// <summary>The symmetric key; null when there is none.</summary>
    public byte[]? ReadSymmetricKey()
    {
        if (configuration.Onboarding?.SymmetricKeyFile is not { } path)
        {
            return null;
        }

        PrivateKeyFile.RefuseOthers(path);
        var bytes = new byte[128];
        return Convert.TryFromBase64String(File.ReadAllText(path).Trim(), bytes, out var length) && length >= 16
            ? bytes[..length]
            : throw new AgentException($"{path} does not hold a symmetric key of at least 16 bytes in base64.");
    }

    private AsymmetricAlgorithm OpenTokenKey(string address)
    {
        if (configuration.Keys.Module is { } module)
        {
            Posix.SetVariable("PKCS11_MODULE_PATH", module);
        }

        return TokenKey.Open(address) ?? throw new AgentException("OpenSSL's engine for PKCS#11 does not find onboarding.key in a token.");
    }
}
