using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;

namespace Perennial.Rolling.Tests.Rehearsals;

/// <summary>What a rehearsal finds: each mistake of the list, and nothing that blocks where there is none.</summary>
public sealed class RehearseRollTests
{
    public static TheoryData<string> Mistakes => [.. BadPlans.All.Select(plan => plan.Name)];

    public static TheoryData<string> GoodPlans => [.. Good.Keys];

    private static IReadOnlyDictionary<string, Func<Planned>> Good { get; } = new Dictionary<string, Func<Planned>>
    {
        ["as it is made"] = () => new Planned(),
        ["connected devices"] = () => new Planned { Each = (_, device) => device with { IsConnected = true } },
        ["devices that sleep for days, and a plan that waits for them"] = () => new Planned
        {
            Plan = new RollPlan { CanarySize = 5, WaveSize = 100, RatePerMinute = 60, OfferWindow = TimeSpan.FromDays(7), ContactWithin = TimeSpan.FromDays(4), Soak = TimeSpan.FromDays(4) },
            Each = (i, device) => device with { Rhythm = Rhythm.Every(TimeSpan.FromDays(3)), Seen = Planned.Start.AddHours(-(i % 70)) },
        },
        ["a few devices that are gone, and a gate below the others"] = () => new Planned
        {
            Plan = new Planned().Plan with { Gate = 0.8, LostContact = new HaltLimit(0.3, 10) },
            Each = (i, device) => i % 25 == 24 ? device with { IsGone = true, Seen = Planned.Start.AddDays(-90) } : device,
        },
        ["maintenance windows each night"] = () => new Planned
        {
            Plan = new Planned().Plan with { Windows = [new([.. Enum.GetValues<DayOfWeek>()], new TimeOnly(22, 0), new TimeOnly(4, 0), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"))] },
        },
        ["clocks that are wrong by less than leaves are set back"] = () => new Planned { Each = (i, device) => device with { ClockError = TimeSpan.FromSeconds(i - 100) } },
        ["capacities that are enough"] = () => new Planned { Capacities = new Capacities { Issuances = 500, Registrations = 500, Handshakes = 500 } },
        ["an azure hub whose devices register again"] = () => new Planned { Each = (_, device) => device with { FollowsEnrollment = false } },
        ["half the fleet has moved already"] = () => new Planned { Each = (i, device) => device with { IsMoved = i % 2 == 0 } },
        ["two devices"] = () => new Planned { Devices = 2, Plan = new RollPlan() },
    };

    [Fact]
    public void There_are_more_than_twenty_mistakes_of_different_kinds()
    {
        Assert.Equal(BadPlans.All.Count, BadPlans.All.DistinctBy(plan => plan.Name).Count());
        Assert.True(BadPlans.All.DistinctBy(plan => plan.Finding).Count() >= 20);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task It_finds_that(string mistake)
    {
        var bad = BadPlans.All.Single(plan => plan.Name == mistake);
        var result = await bad.Plan().RehearseAsync();
        Assert.Contains(result.Findings, finding => finding.Kind == bad.Finding && finding.Severity == bad.Severity);
        Assert.All(result.Findings, finding => Assert.False(string.IsNullOrWhiteSpace(finding.Sentence) || string.IsNullOrWhiteSpace(finding.Remedy)));
    }

    [Theory]
    [MemberData(nameof(GoodPlans))]
    public async Task A_good_plan_is_not_blocked(string name)
    {
        var result = await Good[name]().RehearseAsync();
        Assert.True(!result.Blocks, string.Join('\n', result.Findings.Select(finding => $"{finding.Kind} {finding.Severity}: {finding.Sentence}")));
        Assert.Empty(result.Lost);
        Assert.True(result.Completes || result.Findings.Any(finding => finding.Kind == FindingKind.Stragglers));
    }

    [Fact]
    public async Task It_says_when_the_roll_ends_and_how_busy_the_service_is()
    {
        var result = await new Planned().RehearseAsync();
        Assert.True(result.Completes);
        Assert.Equal((200, 200), (result.Devices, result.Moved));
        Assert.Equal([3, 50, 100, 47], result.Waves.Select(wave => (int)wave.Offered));

        // Three waves are watched for two hours each; the devices of the last one come within 45 minutes.
        Assert.InRange(result.Finishes!.Value, Planned.Start.AddHours(6), Planned.Start.AddHours(12));
        Assert.True(result.MostMoved <= result.LastMoved && result.LastMoved <= result.Finishes);
        Assert.InRange(result.Peak.Issuances, 1, 60);
        Assert.True(result.Peak.Handshakes > result.Peak.Issuances);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_rehearsal()
    {
        var plan = new Planned { Each = (i, device) => device with { IsConnected = i % 3 == 0, Seen = null, IsGone = i % 40 == 39 } };
        var (scene, stop) = (await plan.SceneAsync(), TestContext.Current.CancellationToken);
        var (one, two) = (await RehearseRoll.RunAsync(scene, _ => { }, stop), await RehearseRoll.RunAsync(scene, _ => { }, stop));
        Assert.Equal((one.Finishes, one.LastMoved, one.Peak, one.Moved), (two.Finishes, two.LastMoved, two.Peak, two.Moved));
        Assert.Equal(one.Findings, two.Findings);
    }

    [Fact]
    public async Task Devices_that_would_be_lost_are_named_with_the_time_and_the_reason()
    {
        var result = await new Planned { Each = (i, device) => i >= 190 ? device with { LeafEnd = Planned.Start.AddHours(1) } : device }.RehearseAsync();
        Assert.Equal([.. Enumerable.Range(190, 10).Select(i => $"device-{i:000}")], result.Lost.Select(lost => lost.Device));
        Assert.All(result.Lost, lost => Assert.Equal("its certificate ends before its turn", lost.Reason));
        Assert.All(result.Lost, lost => Assert.InRange(lost.At, Planned.Start.AddHours(1), Planned.Start.AddHours(1).AddSeconds(1)));
    }

    [Fact]
    public async Task A_fast_clock_sees_a_window_end_that_is_as_long_as_the_silence_and_the_remedy_helps()
    {
        var day = TimeSpan.FromDays(1);
        var plan = new Planned
        {
            Devices = 2,
            Plan = new RollPlan { Soak = TimeSpan.Zero, OfferWindow = day },
            Each = (_, device) => device with { Rhythm = Rhythm.Every(day), Seen = Planned.Start.AddSeconds(-1), ClockError = TimeSpan.FromSeconds(40) },
        };
        var result = await plan.RehearseAsync();
        var found = Assert.Single(result.Findings, finding => finding.Kind == FindingKind.WindowTooShort);
        Assert.Equal("Set 'offerWindowSeconds' to 86440 or more.", found.Remedy);
        var canary = Assert.Single(result.Lost, lost => lost.Device == "device-000");
        Assert.Equal("its certificate ends and the window that it was told was over when it came", canary.Reason);

        var mended = await (plan with { Plan = plan.Plan with { OfferWindow = TimeSpan.FromSeconds(86440) } }).RehearseAsync();
        Assert.DoesNotContain(mended.Findings, finding => finding.Kind == FindingKind.WindowTooShort);
        Assert.Equal((2, 0), (mended.Moved, mended.Lost.Count));
    }

    [Fact]
    public async Task It_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        var scene = await new Planned().SceneAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RehearseRoll.RunAsync(scene, _ => stop.Cancel(), stop.Token));
    }
}
