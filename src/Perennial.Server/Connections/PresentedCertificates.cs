using System.Security.Cryptography.X509Certificates;
using Perennial.X509;

namespace Perennial.Server.Connections;

/// <summary>What the peer presented in the handshake, as a connection feature. Its leaf's key signed the handshake; nothing else is proven.</summary>
internal sealed class PresentedCertificates
{
    // Enough that a chain over the bound is seen to be over it, and never more.
    private const int MaxKept = CertificateChain.MaxIssuers + 2;

    private readonly List<ReadOnlyMemory<byte>> _others = [];
    private ReadOnlyMemory<byte> _leaf;
    private Parsed? _parsed;

    /// <summary>Whether the peer presented none.</summary>
    public bool IsEmpty => _leaf.IsEmpty;

    /// <summary>Keeps what a validation callback is handed; the platform may free it afterwards.</summary>
    public void Take(X509Certificate leaf, X509Certificate2Collection? sent)
    {
        _others.Clear();
        _parsed = null;
        _leaf = leaf.GetRawCertData();
        foreach (var certificate in sent ?? [])
        {
            if (_others.Count < MaxKept)
            {
                _others.Add(certificate.RawData);
            }
        }
    }

    /// <summary>Parses the chain within its bounds, once; only when something was presented.</summary>
    public bool TryGetChain([NotNullWhen(true)] out CertificateChain? chain, [NotNullWhen(false)] out Refusal? refusal)
    {
        var parsed = _parsed ??= Parse();
        (chain, refusal) = (parsed.Chain, parsed.Refusal!);
        return chain is not null;
    }

    private Parsed Parse()
    {
        _ = CertificateChain.TryCreate(_leaf, _others, out var chain, out var refusal);
        return new Parsed(chain, refusal);
    }

    private sealed record Parsed(CertificateChain? Chain, Refusal? Refusal);
}
