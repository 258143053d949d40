namespace Perennial.Testing;

/// <summary>
/// The clock of a test for a service that also pauses: what the time is, and every longer wait, is the test's to say; the pauses of a few
/// seconds that the service makes before an answer pass by themselves, so that nothing stands still unless a test waits for it.
/// </summary>
internal sealed class PacedTime(TimeProvider time) : TimeProvider
{
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        (dueTime >= TimeSpan.Zero && dueTime <= LongestPause ? System : time).CreateTimer(callback, state, dueTime, period);
}
