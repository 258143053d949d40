using CsCheck;
using Perennial.Agent.Configuration;
using Perennial.Agent.Credentials;
using Perennial.Agent.Keys;
using Perennial.Agent.Rolling;

namespace Perennial.Agent.Tests.Rolling;

public sealed class RollPlannerTests
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly RollSettings Settings = new();

    private static readonly Gen<TimeSpan> Lifetimes = Gen.Long[TimeSpan.FromMinutes(2).Ticks, TimeSpan.FromDays(3650).Ticks].Select(TimeSpan.FromTicks);

    private static readonly Gen<double> Positions = Gen.Double[0, 0.999999];

    private static readonly Gen<RollSettings> AnySettings = Gen.Select(Gen.Double[0.2, 0.85], Gen.Double[0, 0.2])
        .Select((share, spread) => new RollSettings { Share = share, Spread = spread }).Where(AreLawful);

    private static readonly Gen<OperationalCredential> Credentials = Lifetimes.Select(Lasting);

    [Fact]
    public void The_first_attempt_is_at_the_share_of_the_lifetime_within_the_spread() =>
        Gen.Select(Credentials, AnySettings, Positions).Sample((current, settings, position) =>
        {
            var plan = Plan(current, settings, position);
            var share = (plan.At - current.NotBefore) / (current.NotAfter - current.NotBefore);
            Assert.Equal(RollReason.Lifetime, plan.Reason);
            Assert.InRange(share, settings.Share - (settings.Spread / 2) - 1e-6, settings.Share + (settings.Spread / 2) + 1e-6);
        });

    [Fact]
    public void By_default_a_third_of_the_lifetime_is_left_give_or_take_the_spread()
    {
        var current = Lasting(TimeSpan.FromDays(90));
        Assert.Equal(Start.AddDays(60), Plan(current, Settings, 0.5).At, TimeSpan.FromSeconds(1));
        Assert.Equal(Start.AddDays(55.5), Plan(current, Settings, 0).At, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_certificate_that_is_dated_back_is_not_due_when_it_comes() =>
        Gen.Select(Credentials, AnySettings, Positions, Gen.Double[0, 0.999]).Sample((current, settings, position, share) =>
        {
            var late = current with { Obtained = At(current, share) };
            Assert.True(Plan(late, settings, position).At > late.Obtained);
            Assert.True(Plan(late, settings, position).At < late.NotAfter);
        });

    [Fact]
    public void Whatever_the_service_wishes_the_first_attempt_is_within_the_lifetime() =>
        Gen.Select(Credentials, Positions, Gen.Double[-2, 2], Gen.Double[0, 2]).Sample((current, position, from, length) =>
        {
            var at = Plan(current, Settings, position, WindowOf(current, from, length)).At;
            Assert.InRange(at, DateTimeOffset.MinValue, current.NotAfter - ((current.NotAfter - current.NotBefore) * 0.04));
        });

    [Fact]
    public void A_window_inside_the_lifetime_is_kept() =>
        Gen.Select(Credentials, Positions, Gen.Double[0.05, 0.9], Gen.Double[0, 1]).Sample((current, position, from, length) =>
        {
            var window = WindowOf(current, from, length * (0.94 - from));
            var plan = Plan(current, Settings, position, window);
            Assert.Equal(RollReason.Window, plan.Reason);
            Assert.InRange(plan.At, window.NotBefore, window.NotAfter);
        });

    [Fact]
    public void What_was_obtained_in_a_window_is_not_rolled_for_it_again() =>
        Gen.Select(Credentials, Positions, Gen.Double[-2, 0], Gen.Double[0, 2]).Sample((current, position, from, length) =>
            Assert.Equal(RollReason.Lifetime, Plan(current, Settings, position, WindowOf(current, from, length)).Reason));

    [Fact]
    public void Devices_are_spread_evenly_and_each_keeps_its_place()
    {
        var positions = Enumerable.Range(0, 10_000).Select(i => RollPlanner.PositionOf($"device-{i}")).ToList();
        Assert.All(positions, position => Assert.InRange(position, 0, 0.9999999999));
        var tenths = positions.GroupBy(position => (int)(position * 10)).Select(group => group.Count()).ToList();
        Assert.Equal(10, tenths.Count);
        Assert.All(tenths, count => Assert.InRange(count, 850, 1150));
        Assert.Equal(RollPlanner.PositionOf("Lamp-1"), RollPlanner.PositionOf("lamp-1"));
    }

    [Fact]
    public void Attempts_come_closer_together_towards_expiry() =>
        Gen.Select(Credentials, Positions, Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[1, 50]).Sample((current, position, one, other, failures) =>
        {
            var (early, late) = (At(current, Math.Min(one, other)), At(current, Math.Max(one, other)));
            Assert.True(RetryAfter(current, position, early, failures) >= RetryAfter(current, position, late, failures));
        });

    [Fact]
    public void Many_attempts_fit_before_expiry_and_none_waits_past_it() =>
        Gen.Select(Credentials, Positions, AnySettings).Sample((current, position, settings) =>
        {
            var now = Plan(current, settings, position).At;
            var failures = 0;
            while (now < current.NotAfter)
            {
                failures++;
                var next = Plan(current, settings, position, attempts: Failed(now, failures)).At;
                Assert.True(next > now);
                now = next;
            }

            Assert.True(failures >= 8, $"{failures} attempts");
            Assert.True(now - current.NotAfter <= TimeSpan.FromMinutes(1));
        });

    [Fact]
    public void After_expiry_attempts_spread_out_to_half_an_hour()
    {
        var current = Lasting(TimeSpan.FromDays(1));
        var after = current.NotAfter.AddHours(1);
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Enumerable.Range(1, 7).Select(failures => RetryAfter(current, 0.5, after, failures).TotalMinutes));
    }

    [Fact]
    public void A_wish_to_wait_is_obeyed_up_to_a_day() =>
        Gen.Select(Credentials, Positions, Gen.Double[0, 1.5], Gen.Int[1, 30 * 86400]).Sample((current, position, share, seconds) =>
        {
            var failed = At(current, share);
            var attempts = Failed(failed, 1) with { RetryAt = failed.AddSeconds(seconds) };
            var obeyed = failed.AddSeconds(Math.Min(seconds, 86400));
            Assert.True(Plan(current, Settings, position, attempts: attempts).At >= obeyed);
        });

    [Fact]
    public void A_roll_that_was_cut_off_goes_on_at_once()
    {
        var plan = RollPlanner.Plan(Lasting(TimeSpan.FromDays(90)), Settings, 0.5, null, RollAttempts.None, isUnderWay: true);
        Assert.True(plan.IsDue(Start));
        Assert.Equal(RollReason.UnderWay, plan.Reason);
    }

    private static bool AreLawful(RollSettings settings) => settings.Share - (settings.Spread / 2) >= 0 && settings.Share + (settings.Spread / 2) <= 0.95;

    private static OperationalCredential Lasting(TimeSpan lifetime) => new()
    {
        Slot = KeySlot.A,
        Thumbprint = new string('A', 64),
        NotBefore = Start,
        NotAfter = Start + lifetime,
        Obtained = Start,
    };

    private static RollPlan Plan(OperationalCredential current, RollSettings settings, double position, RollWindow? window = null, RollAttempts? attempts = null) =>
        RollPlanner.Plan(current, settings, position, window, attempts ?? RollAttempts.None, isUnderWay: false);

    private static RollWindow WindowOf(OperationalCredential current, double from, double length) =>
        new() { NotBefore = At(current, from), NotAfter = At(current, from + length) };

    private static DateTimeOffset At(OperationalCredential current, double share) => current.NotBefore + ((current.NotAfter - current.NotBefore) * share);

    private static RollAttempts Failed(DateTimeOffset at, int failures) => new() { Failures = failures, LastFailure = at, Error = "no" };

    private static TimeSpan RetryAfter(OperationalCredential current, double position, DateTimeOffset failed, int failures) =>
        Plan(current, Settings, position, attempts: Failed(failed, failures)).At - failed;
}
