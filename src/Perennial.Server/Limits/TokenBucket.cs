namespace Perennial.Server.Limits;

/// <summary>
/// Lets pass what keeps a rate. In no span of time passes more than the burst and what the rate adds in that span; whoever waits as long
/// as it is told, and comes first then, passes.
/// </summary>
internal sealed class TokenBucket
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly long _interval;
    private readonly long _ahead;
    private long _next;

    public TokenBucket(RateLimit limit, TimeProvider time)
    {
        _time = time;
        _origin = time.GetTimestamp();
        _interval = ((limit.Per.Ticks - 1) / limit.Count) + 1;
        _ahead = _interval * (limit.Burst - 1);
    }

    /// <summary>Whether nothing was taken lately: forgetting the bucket changes nothing.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _next <= Now();
            }
        }
    }

    /// <param name="wait">How long until the next may pass; zero when this one does.</param>
    public bool TryTake(out TimeSpan wait)
    {
        lock (_gate)
        {
            var now = Now();
            var next = Math.Max(_next, now);
            wait = TimeSpan.FromTicks(Math.Max(0, next - now - _ahead));
            if (wait > TimeSpan.Zero)
            {
                return false;
            }

            _next = next + _interval;
            return true;
        }
    }

    private long Now() => _time.GetElapsedTime(_origin).Ticks;
}
