using Microsoft.Extensions.Time.Testing;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Sandbox.Tests;

public sealed class GapClockTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_time_before_the_first_connection_is_no_gap()
    {
        var gaps = new GapClock(_time);
        _time.Advance(TimeSpan.FromSeconds(5));
        gaps.Connected();
        Assert.Equal(TimeSpan.Zero, gaps.Longest);
    }

    [Fact]
    public void A_gap_runs_from_the_first_end_to_the_next_connection()
    {
        var gaps = new GapClock(_time);
        gaps.Connected();
        gaps.ConnectionEnded();
        _time.Advance(TimeSpan.FromSeconds(2));
        gaps.ConnectionEnded();
        _time.Advance(TimeSpan.FromSeconds(1));
        gaps.Connected();
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3)), (gaps.Longest, gaps.Last));
    }

    [Fact]
    public void A_shorter_gap_is_the_last_and_not_the_longest()
    {
        var gaps = new GapClock(_time);
        foreach (var seconds in new[] { 2, 1 })
        {
            gaps.ConnectionEnded();
            _time.Advance(TimeSpan.FromSeconds(seconds));
            gaps.Connected();
        }

        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)), (gaps.Longest, gaps.Last));
    }

    [Fact]
    public void A_gap_that_lasts_counts()
    {
        var gaps = new GapClock(_time);
        gaps.ConnectionEnded();
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(TimeSpan.FromSeconds(9), gaps.Longest);
    }
}
