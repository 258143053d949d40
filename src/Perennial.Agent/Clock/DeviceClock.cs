using System.Reflection;

namespace Perennial.Agent.Clock;

/// <summary>
/// What time it is, by a device whose clock may be wrong. Never before the floor: the day the agent was built, or the last time that was known to be
/// good. What an authenticated server said goes before the device's own clock when the two are apart.
/// </summary>
internal sealed class DeviceClock : TimeProvider
{
    /// <summary>A difference up to this is none.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly Lock _changing = new();
    private readonly TimeProvider _system;
    private DateTimeOffset _floor;
    private (DateTimeOffset Time, long Stamp)? _told;
    private long? _heard;

    public DeviceClock(TimeProvider system, DateTimeOffset? lastGoodTime = null)
    {
        _system = system;
        _floor = BuildDay;
        if (lastGoodTime is { } known)
        {
            Raise(known);
        }
    }

    public static DateTimeOffset BuildDay { get; } = ReadBuildDay();

    public override long TimestampFrequency => _system.TimestampFrequency;

    public DateTimeOffset Floor
    {
        get
        {
            lock (_changing)
            {
                return _floor;
            }
        }
    }

    /// <summary>How far the device's clock is from the time that is used; zero when it is used itself.</summary>
    public TimeSpan Correction
    {
        get
        {
            var difference = GetUtcNow() - _system.GetUtcNow();
            return difference.Duration() < TimeSpan.FromSeconds(1) ? TimeSpan.Zero : difference;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_changing)
        {
            var now = _told is { } told ? told.Time + _system.GetElapsedTime(told.Stamp) : _system.GetUtcNow();
            return now < _floor ? _floor : now;
        }
    }

    public override long GetTimestamp() => _system.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _system.CreateTimer(callback, state, dueTime, period);

    /// <summary>Whether a server has said the time within this span.</summary>
    public bool HasHeardWithin(TimeSpan span)
    {
        lock (_changing)
        {
            return _heard is { } heard && _system.GetElapsedTime(heard) < span;
        }
    }

    /// <summary>The last time known to be good; the floor only rises.</summary>
    public void Raise(DateTimeOffset known)
    {
        lock (_changing)
        {
            _floor = known > _floor ? known : _floor;
        }
    }

    /// <summary>Takes the Date of a server whose certificate chains to the trust bundle.</summary>
    /// <returns>Whether the device's own clock is wrong by it. A date before the floor counts for nothing.</returns>
    public bool Hear(DateTimeOffset date)
    {
        lock (_changing)
        {
            if (date + Tolerance < _floor)
            {
                return false;
            }

            _heard = _system.GetTimestamp();
            var isApart = (date - _system.GetUtcNow()).Duration() > Tolerance;
            _told = isApart ? (date, _system.GetTimestamp()) : null;
            _floor = date > _floor ? date : _floor;
            return isApart;
        }
    }

    private static DateTimeOffset ReadBuildDay()
    {
        var day = typeof(DeviceClock).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(found => found.Key == "BuildDay").Value;
        return DateTimeOffset.ParseExact(day!, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }
}
