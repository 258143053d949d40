using Perennial.Hub.Access;
using Perennial.Protocol.Sas;
using Perennial.Server.Hubs;

namespace Perennial.Server.Amqp;

/// <summary>
/// The tokens that a peer has put to <c>$cbs</c> on one connection, each accepted when it came (<see cref="CbsNode"/>). What a link may do,
/// its node asks here at the attach; that a token's life goes on, it asks again at the end of it (<see cref="WatchExpiry"/>).
/// </summary>
internal sealed class PutTokens
{
    /// <summary>Tokens of one connection; one client pools a thousand devices on it.</summary>
    public const int Max = 8192;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Resource, string? Policy), Held> _tokens = [];

    /// <summary>Raised when a token was put, with the token.</summary>
    public event Action<SharedAccessSignature>? Put;

    /// <summary>Takes an accepted token; it takes the place of an older one for the same resource by the same policy.</summary>
    /// <param name="token">The token.</param>
    /// <param name="accepted">When it was accepted.</param>
    /// <returns>False when there are too many.</returns>
    public bool TryAdd(SharedAccessSignature token, DateTimeOffset accepted)
    {
        lock (_gate)
        {
            var key = (KeyOf(token.RawResource), token.KeyName);
            if (_tokens.Count >= Max && !_tokens.ContainsKey(key))
            {
                return false;
            }

            _tokens[key] = new Held(token, TokenWatch.EndOf(token.Expiry, accepted));
        }

        Put?.Invoke(token);
        return true;
    }

    /// <summary>The put token that covers a resource and lasts longest.</summary>
    /// <param name="hostName">The host.</param>
    /// <param name="path">The decoded segments, for instance <c>devices</c>, <c>{id}</c>.</param>
    /// <param name="token">The token, to be judged by whoever needs it.</param>
    public bool TryFind(string hostName, IReadOnlyList<string> path, [NotNullWhen(true)] out PresentedToken? token)
    {
        string[] segments = [.. path];
        token = Find(hostName, segments) is { } held ? TokenReading.Of(held.Token, hostName, segments) : null;
        return token is not null;
    }

    /// <summary>Calls back when the life of the token that covers a resource is over and no later one was put.</summary>
    /// <param name="hostName">The host.</param>
    /// <param name="path">The decoded segments.</param>
    /// <param name="expired">Ends what lived by the token.</param>
    /// <param name="time">The clock.</param>
    public IDisposable WatchExpiry(string hostName, IReadOnlyList<string> path, Action expired, TimeProvider time) =>
        new TokenWatch(() => Find(hostName, [.. path])?.End ?? DateTimeOffset.MinValue, expired, time);

    // A pool holds one token for each device and seldom another: the device's own is found by its key.
    private Held? Find(string hostName, string[] segments)
    {
        lock (_gate)
        {
            return _tokens.GetValueOrDefault((string.Join('/', [hostName, .. segments]), null))
                ?? _tokens.Values.Where(held => held.Token.Covers(hostName, StringComparison.Ordinal, segments)).MaxBy(held => held.End);
        }
    }

    private static string KeyOf(string resource)
    {
        var text = Uri.UnescapeDataString(Uri.UnescapeDataString(resource)).TrimEnd('/');
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        return scheme < 0 ? text : text[(scheme + 3)..];
    }

    private sealed record Held(SharedAccessSignature Token, DateTimeOffset End);
}
