using Microsoft.Extensions.Time.Testing;
using Perennial.Agent.Clock;

namespace Perennial.Agent.Tests.Connections;

public sealed class DeviceClockTests
{
    private static readonly DateTimeOffset Truth = DeviceClock.BuildDay.AddDays(400);

    [Fact]
    public void A_clock_that_is_right_is_used()
    {
        var clock = new DeviceClock(new FakeTimeProvider(Truth));
        Assert.False(clock.Hear(Truth.AddMinutes(4)));
        Assert.Equal(Truth.AddMinutes(4), clock.GetUtcNow()); // never before what was heard
        Assert.Equal(TimeSpan.FromMinutes(4), clock.Correction);
    }

    [Fact]
    public void A_clock_at_its_epoch_starts_on_the_day_of_the_build() =>
        Assert.Equal(DeviceClock.BuildDay, new DeviceClock(new FakeTimeProvider(DateTimeOffset.UnixEpoch)).GetUtcNow());

    [Fact]
    public void A_clock_behind_the_last_good_time_starts_from_that() =>
        Assert.Equal(Truth, new DeviceClock(new FakeTimeProvider(Truth.AddYears(-3)), Truth).GetUtcNow());

    [Theory]
    [InlineData(-1000)]
    [InlineData(1000)]
    public void What_a_server_says_goes_before_a_wrong_clock_and_runs_on(int days)
    {
        var system = new FakeTimeProvider(Truth.AddDays(days) < DeviceClock.BuildDay.AddYears(-1) ? DeviceClock.BuildDay.AddYears(-1) : Truth.AddDays(days));
        var clock = new DeviceClock(system);
        Assert.True(clock.Hear(Truth));
        system.Advance(TimeSpan.FromHours(3));
        Assert.Equal(Truth.AddHours(3), clock.GetUtcNow());
    }

    [Fact]
    public void A_date_before_the_floor_counts_for_nothing()
    {
        var clock = new DeviceClock(new FakeTimeProvider(Truth), Truth);
        Assert.False(clock.Hear(Truth.AddDays(-1)));
        Assert.Equal(Truth, clock.GetUtcNow());
    }

    [Fact]
    public void The_floor_only_rises()
    {
        var clock = new DeviceClock(new FakeTimeProvider(Truth));
        clock.Raise(Truth.AddDays(1));
        clock.Raise(Truth.AddDays(-1));
        Assert.Equal(Truth.AddDays(1), clock.GetUtcNow());
    }

    [Fact]
    public void A_clock_that_was_set_right_is_used_again()
    {
        var system = new FakeTimeProvider(Truth.AddDays(-100));
        var clock = new DeviceClock(system, Truth.AddDays(-100));
        Assert.True(clock.Hear(Truth));
        system.SetUtcNow(Truth.AddMinutes(10));
        Assert.False(clock.Hear(Truth.AddMinutes(10)));
        Assert.Equal(TimeSpan.Zero, clock.Correction);
    }
}
