using System.Text;
using Perennial.Agent.Durability;
using Perennial.Agent.Keys;
using Perennial.X509;

namespace Perennial.Agent.Credentials;

/// <summary>The certificates of the two places: a PEM file each, leaf first.</summary>
internal sealed class CertificateFiles(string folder, DurableFiles files)
{
    public void Write(KeySlot slot, CertificateChain chain)
    {
        DurableFiles.MakeDirectory(folder);
        var pem = string.Concat(chain.Issuers.Prepend(chain.Leaf).Select(Pem.Write));
        files.Write(PathOf(slot), Encoding.ASCII.GetBytes(pem), DurableFiles.Readable);
    }

    /// <summary>The chain in a place; null when there is none that can be read.</summary>
    public CertificateChain? Read(KeySlot slot)
    {
        var path = PathOf(slot);
        return File.Exists(path) && TryRead(path, out var chain, out _) ? chain : null;
    }

    /// <summary>Keeps the request for a place, since asking again with the same one gets the same certificate.</summary>
    public void WriteRequest(KeySlot slot, byte[] request)
    {
        DurableFiles.MakeDirectory(folder);
        files.Write(RequestPathOf(slot), request, DurableFiles.Readable);
    }

    /// <summary>The request for a place; null when there is none.</summary>
    public byte[]? ReadRequest(KeySlot slot) => File.Exists(RequestPathOf(slot)) ? File.ReadAllBytes(RequestPathOf(slot)) : null;

    public static bool TryRead(string path, [NotNullWhen(true)] out CertificateChain? chain, [NotNullWhen(false)] out Refusal? refusal)
    {
        chain = null;
        return Pem.TryReadCertificates(File.ReadAllText(path), out var certificates, out refusal)
            && CertificateChain.TryCreate(certificates[0], [.. certificates.Skip(1)], out chain, out refusal);
    }

    private string RequestPathOf(KeySlot slot) => Path.ChangeExtension(PathOf(slot), "csr");

    private string PathOf(KeySlot slot) => Path.Combine(folder, slot == KeySlot.A ? "a.pem" : "b.pem");
}
