using System.Collections.Concurrent;

namespace Perennial.X509;

/// <summary>Remembers which certificate was signed by which key, so that one signature is verified once. Bounded and thread-safe.</summary>
/// <remarks>
/// Entries live in two generations: when the younger is full it becomes the older, and the older is dropped. What is asked for again
/// moves to the younger, so entries in use stay. A signature never changes its truth, so entries need no expiry.
/// </remarks>
public sealed class SignatureCache
{
    private readonly Lock _turn = new();
    private readonly int _generation;
    private ConcurrentDictionary<(Thumbprint Certificate, Thumbprint Key), bool> _young = new();
    private ConcurrentDictionary<(Thumbprint Certificate, Thumbprint Key), bool> _old = new();

    /// <summary>Makes an empty cache.</summary>
    /// <param name="capacity">Most entries, about 200 bytes each; at least 2.</param>
    public SignatureCache(int capacity = 65_536)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2);
        _generation = capacity / 2;
    }

    /// <summary>Entries held now.</summary>
    public int Count => _young.Count + _old.Count;

    internal bool TryGet(Thumbprint certificate, Thumbprint key, out bool verified)
    {
        var entry = (certificate, key);
        if (_young.TryGetValue(entry, out verified))
        {
            return true;
        }

        if (!_old.TryGetValue(entry, out verified))
        {
            return false;
        }

        Remember(certificate, key, verified);
        return true;
    }

    internal void Remember(Thumbprint certificate, Thumbprint key, bool verified)
    {
        lock (_turn)
        {
            if (_young.Count >= _generation)
            {
                _old = _young;
                _young = new();
            }

            _young[(certificate, key)] = verified;
        }
    }
}
