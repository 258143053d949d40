using System.Security.Cryptography;
using Perennial.Agent.Configuration;
using Perennial.Agent.Durability;

namespace Perennial.Agent.Keys;

/// <summary>Keys in files of mode 0600.</summary>
internal sealed class FileKeyStore(string folder, KeyAlgorithm algorithm, DurableFiles files) : IKeyStore
{
    private const long LeastFree = 256 * 1024;

    public void CheckRoom()
    {
        DurableFiles.MakeDirectory(folder);
        var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        if (free < LeastFree)
        {
            throw new AgentException($"{folder} has {free} bytes left, a roll needs {LeastFree} for the next key and its certificate; free some.");
        }
    }

    public void Make(KeySlot slot)
    {
        DurableFiles.MakeDirectory(folder);
        using var key = MakeKey.Of(algorithm);
        var pem = PrivateKeyFile.Write(key);
        files.Write(PathOf(slot), pem, DurableFiles.OwnerOnly);
        CryptographicOperations.ZeroMemory(pem);
    }

    public AsymmetricAlgorithm? Open(KeySlot slot) => File.Exists(PathOf(slot)) ? PrivateKeyFile.Read(PathOf(slot)) : null;

    public byte[] Publish(KeySlot slot) => File.ReadAllBytes(PathOf(slot));

    private string PathOf(KeySlot slot) => Path.Combine(folder, slot == KeySlot.A ? "a.key" : "b.key");
}
