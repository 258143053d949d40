using System.Security.Cryptography;
using System.Text;
using Perennial.Agent.Configuration;

namespace Perennial.Agent.Keys.Pkcs11;

/// <summary>A session of the user with one token. It stays open as long as the process.</summary>
internal sealed class TokenSession
{
    private const ulong LeastFree = 4 * 1024;

    private static readonly byte[] NistP256 = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];

    private static readonly byte[] NistP384 = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22];

    private readonly Pkcs11Module _module;
    private readonly nuint _slot;
    private readonly nuint _session;

    private TokenSession(Pkcs11Module module, nuint slot, nuint session)
    {
        _module = module;
        _slot = slot;
        _session = session;
    }

    public static TokenSession Open(string path, string token, string pin)
    {
        var module = Pkcs11Module.Load(path);
        var slot = module.FindToken(token);
        var session = module.OpenSession(slot);
        var bytes = Encoding.UTF8.GetBytes(pin);
        module.Login(session, bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return new(module, slot, session);
    }

    /// <exception cref="AgentException">Nothing can be made in the token.</exception>
    public void CheckWritable()
    {
        var state = _module.ReadToken(_slot);
        if ((state.Flags & TokenState.WriteProtected) != 0)
        {
            throw new AgentException($"The token '{state.Label}' is write-protected; a roll needs to make a key in it.");
        }

        if (state.FreeMemory is < LeastFree)
        {
            throw new AgentException($"The token '{state.Label}' has {state.FreeMemory} bytes left, a roll needs {LeastFree}; delete a key that is not in use.");
        }
    }

    public int CountPrivateKeys(string label)
    {
        using var template = new Pkcs11Template().Add(Pkcs11Attribute.Class, Pkcs11Attribute.PrivateKeyClass).Add(Pkcs11Attribute.Label, label);
        return _module.Find(_session, template).Count;
    }

    public void Destroy(string label)
    {
        foreach (var kind in (ReadOnlySpan<nuint>)[Pkcs11Attribute.PrivateKeyClass, Pkcs11Attribute.PublicKeyClass])
        {
            using var template = new Pkcs11Template().Add(Pkcs11Attribute.Class, kind).Add(Pkcs11Attribute.Label, label);
            foreach (var found in _module.Find(_session, template))
            {
                _module.Destroy(_session, found);
            }
        }
    }

    /// <summary>Makes a key that can sign and cannot be taken out.</summary>
    public void MakePair(string label, KeyAlgorithm algorithm)
    {
        var id = RandomNumberGenerator.GetBytes(16);
        using var open = new Pkcs11Template().Add(Pkcs11Attribute.Token, true).Add(Pkcs11Attribute.Verify, true)
            .Add(Pkcs11Attribute.Label, label).Add(Pkcs11Attribute.Id, id);
        using var secret = new Pkcs11Template().Add(Pkcs11Attribute.Token, true).Add(Pkcs11Attribute.Private, true)
            .Add(Pkcs11Attribute.Sensitive, true).Add(Pkcs11Attribute.Extractable, false).Add(Pkcs11Attribute.Sign, true)
            .Add(Pkcs11Attribute.Label, label).Add(Pkcs11Attribute.Id, id);
        _module.MakePair(_session, DescribeKind(algorithm, open), open, secret);
    }

    private static nuint DescribeKind(KeyAlgorithm algorithm, Pkcs11Template open)
    {
        switch (algorithm)
        {
            case KeyAlgorithm.P256:
            case KeyAlgorithm.P384:
                open.Add(Pkcs11Attribute.EcParameters, algorithm == KeyAlgorithm.P256 ? NistP256 : NistP384);
                return Pkcs11Mechanism.EcKeyPair;
            default:
                open.Add(Pkcs11Attribute.ModulusBits, (nuint)(algorithm == KeyAlgorithm.Rsa2048 ? 2048 : 3072));
                open.Add(Pkcs11Attribute.PublicExponent, [0x01, 0x00, 0x01]);
                return Pkcs11Mechanism.RsaKeyPair;
        }
    }
}
