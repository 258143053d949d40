namespace Perennial.Server.Mqtt;

/// <summary>Ends a connection whose peer has been silent for one and a half times its keep-alive (MQTT 3.1.1 §3.1.2.10).</summary>
internal sealed class KeepAliveWatch : IDisposable
{
    private readonly MqttChannel _channel;
    private readonly TimeSpan _limit;
    private readonly ITimer _timer;

    /// <param name="channel">The connection.</param>
    /// <param name="limit">The silence allowed.</param>
    /// <param name="time">Drives the timer.</param>
    public KeepAliveWatch(MqttChannel channel, TimeSpan limit, TimeProvider time)
    {
        _channel = channel;
        _limit = limit;
        _timer = time.CreateTimer(static watch => ((KeepAliveWatch)watch!).Check(), this, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The silence that a CONNECT allows; without a keep-alive the given longest one.</summary>
    public static TimeSpan LimitOf(ushort keepAliveSeconds, TimeSpan longest) =>
        keepAliveSeconds == 0 ? longest : TimeSpan.FromSeconds(keepAliveSeconds * 1.5);

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        var left = _limit - _channel.Silence;
        if (left <= TimeSpan.Zero)
        {
            _channel.Abort();
        }
        else
        {
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
    }
}
