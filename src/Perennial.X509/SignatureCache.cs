using Perennial.X509.Paths;

namespace Perennial.X509;

/// <summary>
/// Remembers which certificate was signed by which key, so that one signature is verified once, and keeps the keys of issuers in use
/// ready. Bounded and thread-safe.
/// </summary>
/// <remarks>
/// A signature never changes its truth, so nothing here expires. No verdict is held: validity and rules are looked at every time.
/// </remarks>
/// <param name="capacity">Most signatures, about 200 bytes each; at least 2.</param>
public sealed class SignatureCache(int capacity = 65_536)
{
    private readonly RecentEntries<(Thumbprint Certificate, Thumbprint Key), bool> _verified = new(capacity);

    /// <summary>Signatures remembered now, at most the capacity.</summary>
    public int Count => _verified.Count;

    internal VerificationKeys Keys { get; } = new();

    internal bool TryGet(Thumbprint certificate, Thumbprint key, out bool verified) => _verified.TryGet((certificate, key), out verified);

    internal void Remember(Thumbprint certificate, Thumbprint key, bool verified) => _verified.Set((certificate, key), verified);
}
