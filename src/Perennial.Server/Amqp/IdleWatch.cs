namespace Perennial.Server.Amqp;

/// <summary>
/// Keeps a connection alive and ends one whose peer is silent (AMQP 1.0 §2.4.5): empty frames at half the time-out that the peer announced,
/// an end after twice the one that we announced.
/// </summary>
internal sealed class IdleWatch : IDisposable
{
    private static readonly TimeSpan LongestSilence = 2 * AmqpBounds.IdleTime;

    private readonly AmqpChannel _channel;
    private readonly TimeSpan? _interval;
    private readonly Action _breakSilence;
    private readonly ITimer _timer;

    /// <param name="channel">The connection.</param>
    /// <param name="peerIdleTime">The time-out that the peer announced, in milliseconds; 0 for none.</param>
    /// <param name="breakSilence">Sends an empty frame.</param>
    /// <param name="time">Drives the timer.</param>
    public IdleWatch(AmqpChannel channel, uint peerIdleTime, Action breakSilence, TimeProvider time)
    {
        _channel = channel;
        _breakSilence = breakSilence;
        var half = TimeSpan.FromMilliseconds(peerIdleTime / 2);
        _interval = peerIdleTime == 0 ? null : half < AmqpBounds.ShortestIdle ? AmqpBounds.ShortestIdle : half;
        _timer = time.CreateTimer(static watch => ((IdleWatch)watch!).Check(), this, _interval ?? LongestSilence, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        var left = LongestSilence - _channel.Silence;
        if (left <= TimeSpan.Zero)
        {
            _channel.Abort();
            return;
        }

        if (_interval is { } interval)
        {
            var quiet = interval - _channel.OwnSilence;
            if (quiet <= TimeSpan.Zero)
            {
                _breakSilence();
                quiet = interval;
            }

            left = quiet < left ? quiet : left;
        }

        _timer.Change(left, Timeout.InfiniteTimeSpan);
    }
}
