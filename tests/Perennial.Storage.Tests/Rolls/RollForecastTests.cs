using Perennial.Rolling.Rolls;

namespace Perennial.Storage.Tests.Rolls;

/// <summary>When a roll ends, by its rate and by the pace of its devices.</summary>
public sealed class RollForecastTests
{
    private static readonly DateTimeOffset Monday = new(2030, 1, 7, 12, 0, 0, TimeSpan.Zero);

    private static readonly RollPlan Plan = new() { CanarySize = 1, WaveSize = 10, Growth = 2, RatePerMinute = 10, Soak = TimeSpan.FromHours(1) };

    [Fact]
    public void The_last_device_is_offered_it_after_every_wave_at_the_rate_and_every_soak()
    {
        // 1, 10 and 20 devices: 31 devices at 10 a minute, and two soaks between them.
        var forecast = RollForecast.Of(Draft(Plan), Progress(31, pending: 31), Monday);

        Assert.Equal(Monday + TimeSpan.FromMinutes(3.1) + TimeSpan.FromHours(2), forecast.LastOffer);
        Assert.Null(forecast.AtPace);
    }

    [Fact]
    public void A_wave_that_is_under_way_counts_with_what_is_left_of_it()
    {
        var roll = Draft(Plan) with { State = RollState.Running, Started = Monday.AddHours(-2), Wave = 1 };

        Assert.Equal(
            Monday + TimeSpan.FromMinutes(0.4) + TimeSpan.FromHours(1) + TimeSpan.FromMinutes(2),
            RollForecast.Of(roll, Progress(31, pending: 24) with { Offered = 7 }, Monday).LastOffer);
    }

    [Fact]
    public void The_capacity_is_never_exceeded() =>
        Assert.Equal(
            Monday + TimeSpan.FromMinutes(10),
            RollForecast.Of(Draft(Plan with { CanarySize = 20, CapacityPerMinute = 2 }), Progress(20, pending: 20), Monday).LastOffer);

    [Fact]
    public void Devices_are_offered_it_in_maintenance_windows_only()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var plan = Plan with { CanarySize = 600, Windows = [new MaintenanceWindow([DayOfWeek.Tuesday], new TimeOnly(23, 30), new TimeOnly(0, 15), berlin)] };

        // 60 minutes of offers; 45 in the night to Wednesday, the rest a week later. Berlin is an hour ahead.
        Assert.Equal(
            new DateTimeOffset(2030, 1, 15, 22, 45, 0, TimeSpan.Zero),
            RollForecast.Of(Draft(plan), Progress(600, pending: 600), Monday).LastOffer);
    }

    [Fact]
    public void A_plan_that_takes_longer_than_the_horizon_has_no_end() =>
        Assert.Null(RollForecast.Of(
            Draft(Plan with { WaveSize = 1, Growth = 1, Soak = TimeSpan.FromDays(30) }), Progress(1_000_000, pending: 1_000_000), Monday).LastOffer);

    [Fact]
    public void The_pace_is_that_of_the_devices_that_moved_after_their_offer_since_the_start()
    {
        var roll = Draft(Plan) with { State = RollState.Running, Started = Monday.AddHours(-4) };
        var progress = Progress(120, pending: 20) with { Moved = 90, Open = 30, Offered = 100, Followed = 80 };

        Assert.Equal(Monday.AddHours(1.5), RollForecast.Of(roll, progress, Monday).AtPace);
        Assert.Null(RollForecast.Of(roll, progress with { Followed = 0 }, Monday).AtPace);
        Assert.Null(RollForecast.Of(roll, progress with { Followed = 1, Open = 1_000_000 }, Monday).AtPace);
    }

    [Fact]
    public void The_overlap_ends_at_the_latest_with_the_last_leaf_and_a_roll_that_is_over_has_no_forecast()
    {
        var progress = Progress(5, pending: 2) with { LastEnd = Monday.AddDays(90), Followed = 3 };
        var over = Draft(Plan) with { State = RollState.Aborted, Started = Monday.AddDays(-1), Ended = Monday };

        Assert.Equal(Monday.AddDays(90), RollForecast.Of(Draft(Plan), progress, Monday).AtTheLatest);
        Assert.Equal(new RollForecast(), RollForecast.Of(over, progress, Monday));
    }

    private static RollProgress Progress(long devices, long pending) => new(devices, Moved: 0, Waived: 0, Open: devices, Offered: 0, LastEnd: null) { Pending = pending };

    private static Roll Draft(RollPlan plan) => new()
    {
        Id = "spring",
        Kind = RollKind.SigningCertificate,
        Reason = RollReason.Expiration,
        Plan = plan,
        State = RollState.Draft,
        Created = Monday,
    };
}
