using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Perennial.Server.Limits;

/// <summary>The rates of one hub or of the provisioning service. An operation without a limit always passes.</summary>
/// <param name="scope">What it belongs to, for the metric.</param>
/// <param name="limits">The limits that are set.</param>
/// <param name="time">The clock.</param>
internal sealed class Throttle<TOperation>(string scope, IEnumerable<KeyValuePair<TOperation, RateLimit>> limits, TimeProvider time)
    where TOperation : struct, Enum
{
    private const int MostPeers = 100_000;

    private readonly FrozenDictionary<TOperation, RateLimit> _limits = limits.ToFrozenDictionary();
    private readonly ConcurrentDictionary<TOperation, TokenBucket> _shared = new();
    private readonly ConcurrentDictionary<(TOperation Operation, string Peer), TokenBucket> _own = new();

    /// <param name="operation">What is asked for.</param>
    /// <param name="wait">How long the peer is to wait; zero when it passes.</param>
    public bool TryPass(TOperation operation, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        return !_limits.TryGetValue(operation, out var limit)
            || Passes(_shared.GetOrAdd(operation, _ => new TokenBucket(limit, time)), operation, out wait);
    }

    /// <summary>As <see cref="TryPass(TOperation, out TimeSpan)"/>, but each peer has the whole rate for itself.</summary>
    public bool TryPass(TOperation operation, string peer, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (!_limits.TryGetValue(operation, out var limit))
        {
            return true;
        }

        Forget();
        return Passes(_own.GetOrAdd((operation, peer), _ => new TokenBucket(limit, time)), operation, out wait);
    }

    /// <summary>Waits until the operation may pass: back-pressure for a peer that cannot be told to come again.</summary>
    public async ValueTask PassAsync(TOperation operation, CancellationToken cancellationToken)
    {
        while (!TryPass(operation, out var wait))
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private bool Passes(TokenBucket bucket, TOperation operation, out TimeSpan wait)
    {
        if (bucket.TryTake(out wait))
        {
            return true;
        }

        ThrottleCount.Add(scope, operation.ToString());
        return false;
    }

    private void Forget()
    {
        if (_own.Count >= MostPeers)
        {
            foreach (var (key, _) in _own.Where(entry => entry.Value.IsFull))
            {
                _own.TryRemove(key, out _);
            }
        }
    }
}
