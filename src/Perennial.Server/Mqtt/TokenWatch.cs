using Perennial.Hub.Access;

namespace Perennial.Server.Mqtt;

/// <summary>Ends a connection when the life of the token that it was accepted for is over (hub-protocol §0.4).</summary>
internal sealed class TokenWatch : IDisposable
{
    // A timer takes no longer time than some weeks.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly DateTimeOffset _end;
    private readonly Action _close;
    private readonly ITimer _timer;

    /// <param name="token">The token.</param>
    /// <param name="accepted">When it was accepted. One taken after its end, because clocks differ, lasts as long as such tokens are taken.</param>
    /// <param name="close">Ends the connection.</param>
    /// <param name="time">Drives the timer.</param>
    public TokenWatch(PresentedToken token, DateTimeOffset accepted, Action close, TimeProvider time)
    {
        _time = time;
        _end = token.Expires > accepted ? token.Expires : token.Expires + AuthorizeCaller.ClockSkew;
        _close = close;
        _timer = time.CreateTimer(static watch => ((TokenWatch)watch!).Check(), this, Wait(), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        if (_end <= _time.GetUtcNow())
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
        var left = _end - _time.GetUtcNow();
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest;
    }
}
