namespace Perennial.Protocol;

/// <summary>The query part of a topic or a user name: <c>key=value</c> pairs, percent-encoded, in any order; <c>+</c> is a plus.</summary>
internal readonly ref struct WireQuery
{
    private const int MaxPairs = 32;
    private readonly ReadOnlySpan<char> _text;

    public WireQuery(ReadOnlySpan<char> text) => _text = text.StartsWith('?') ? text[1..] : text;

    /// <summary>The undecoded value of the first pair with this (decoded) key.</summary>
    public bool TryGetRaw(string key, out ReadOnlySpan<char> value)
    {
        var pairs = 0;
        foreach (var range in _text.Split('&'))
        {
            if (++pairs > MaxPairs)
            {
                break;
            }

            var pair = _text[range];
            var equals = pair.IndexOf('=');
            if (equals >= 0 && KeyIs(pair[..equals], key))
            {
                value = pair[(equals + 1)..];
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The decoded value of the first pair with this key, or null.</summary>
    public string? Find(string key) => TryGetRaw(key, out var raw) ? Uri.UnescapeDataString(raw) : null;

    private static bool KeyIs(ReadOnlySpan<char> raw, string key) =>
        raw.SequenceEqual(key) || (raw.Contains('%') && Uri.UnescapeDataString(raw) == key);
}
