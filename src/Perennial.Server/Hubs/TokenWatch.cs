using Perennial.Hub.Access;

namespace Perennial.Server.Hubs;

/// <summary>Ends what lives by a token when the token's life is over (hub-protocol §0.4).</summary>
internal sealed class TokenWatch : IDisposable
{
    // A timer takes no longer time than some weeks.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly Func<DateTimeOffset> _end;
    private readonly Action _close;
    private readonly ITimer _timer;

    /// <param name="end">When it is over; asked again each time, since a later token may have come.</param>
    /// <param name="close">Ends what lives by the token.</param>
    /// <param name="time">Drives the timer.</param>
    public TokenWatch(Func<DateTimeOffset> end, Action close, TimeProvider time)
    {
        _time = time;
        _end = end;
        _close = close;
        _timer = time.CreateTimer(static watch => ((TokenWatch)watch!).Check(), this, Wait(), Timeout.InfiniteTimeSpan);
    }

    /// <summary>When a token's life is over. One taken after its end, because clocks differ, lasts as long as such tokens are taken.</summary>
    public static DateTimeOffset EndOf(DateTimeOffset expires, DateTimeOffset accepted) =>
        expires > accepted ? expires : expires + AuthorizeCaller.ClockSkew;

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        if (_end() <= _time.GetUtcNow())
        {
            _close();
        }
        else
        {
            _timer.Change(Wait(), Timeout.InfiniteTimeSpan);
        }
    }

    private TimeSpan Wait()
    {
        var left = _end() - _time.GetUtcNow();
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest;
    }
}
