using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Perennial.X509.Paths;

/// <summary>A bounded, thread-safe table that forgets what was not asked for lately.</summary>
/// <remarks>
/// Entries live in two generations: when the younger is full it becomes the older, and the older is dropped. What is asked for again
/// moves to the younger, so entries in use stay.
/// </remarks>
internal sealed class RecentEntries<TKey, TValue>
    where TKey : notnull
{
    private readonly Lock _turn = new();
    private readonly int _generation;
    private volatile ConcurrentDictionary<TKey, TValue> _young = new();
    private volatile ConcurrentDictionary<TKey, TValue> _old = new();

    internal RecentEntries(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2);
        _generation = capacity / 2;
    }

    /// <summary>Entries held now; one that moved counts twice until the older generation is dropped.</summary>
    internal int Count => _young.Count + _old.Count;

    internal bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_young.TryGetValue(key, out value))
        {
            return true;
        }

        if (!_old.TryGetValue(key, out value))
        {
            return false;
        }

        Set(key, value);
        return true;
    }

    internal void Set(TKey key, TValue value)
    {
        lock (_turn)
        {
            if (_young.Count >= _generation)
            {
                _old = _young;
                _young = new();
            }

            _young[key] = value;
        }
    }
}
