using System.Security.Cryptography;
using System.Text;
using Perennial.Agent.Configuration;
using Perennial.Agent.Durability;
using Perennial.Agent.Keys.Pkcs11;

namespace Perennial.Agent.Keys;

/// <summary>Keys that are made in a token and never leave it: PKCS#11 makes and counts them, OpenSSL's engine signs with them.</summary>
internal sealed class TokenKeyStore(KeySettings settings) : IKeyStore
{
    private const string EngineModule = "PKCS11_MODULE_PATH";

    private readonly Lock _opening = new();
    private TokenSession? _session;

    public void CheckRoom()
    {
        var session = Session();
        session.CheckWritable();
        foreach (var label in settings.Labels)
        {
            var count = session.CountPrivateKeys(label);
            if (count > 1)
            {
                throw new AgentException(
                    $"The token '{settings.Token}' holds {count} private keys labelled '{label}'; delete those that are not in use, or choose other keys.labels.");
            }
        }
    }

    public void Make(KeySlot slot)
    {
        var session = Session();
        session.Destroy(LabelOf(slot));
        session.MakePair(LabelOf(slot), settings.Algorithm);
    }

    public AsymmetricAlgorithm? Open(KeySlot slot)
    {
        var session = Session();
        if (session.CountPrivateKeys(LabelOf(slot)) == 0)
        {
            return null;
        }

        Posix.SetVariable(EngineModule, settings.Module!);
        return TokenKey.Open(AddressOf(slot, withPin: true))
            ?? throw new AgentException(
                $"The token '{settings.Token}' holds '{LabelOf(slot)}', but OpenSSL cannot use it: install its engine for PKCS#11 (Debian: libengine-pkcs11-openssl).");
    }

    public byte[] Publish(KeySlot slot) => Encoding.UTF8.GetBytes(AddressOf(slot, withPin: false) + "\n");

    private string LabelOf(KeySlot slot) => settings.Labels[slot == KeySlot.A ? 0 : 1];

    private string AddressOf(KeySlot slot, bool withPin)
    {
        var address = $"{TokenKey.Scheme}token={Uri.EscapeDataString(settings.Token!)};object={Uri.EscapeDataString(LabelOf(slot))};type=private";
        return withPin ? $"{address}?pin-value={Uri.EscapeDataString(ReadPin())}" : address;
    }

    private TokenSession Session()
    {
        lock (_opening)
        {
            return _session ??= TokenSession.Open(settings.Module!, settings.Token!, ReadPin());
        }
    }

    private string ReadPin()
    {
        PrivateKeyFile.RefuseOthers(settings.PinFile!);
        var pin = File.ReadAllText(settings.PinFile!).TrimEnd('\r', '\n');
        return pin.Length is > 0 and <= 256 ? pin : throw new AgentException($"{settings.PinFile} holds no PIN.");
    }
}
