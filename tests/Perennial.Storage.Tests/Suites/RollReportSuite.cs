using Perennial.Rolling.Rolls;
using Perennial.Storage.Tests.Rolls;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What devices of a roll report of themselves, on every database.</summary>
public abstract class RollReportSuite(Func<Stores> open)
{
    private static readonly RollPlan Plan = new() { CanarySize = 2, Failures = new HaltLimit(0.5, 2) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Devices_that_report_a_failure_halt_the_roll()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(Plan, "d1", "d2", "d3");
        await world.RunAsync();
        await stores.Rolls.NoteReportAsync("D1", "no room", Stop);
        await world.RunAsync();
        Assert.Equal(RollState.Running, (await world.RollAsync()).State);
        Assert.Equal(["no room", null, null], await FailuresAsync(world));
        await stores.Rolls.NoteReportAsync("d2", "no key", Stop);
        await world.RunAsync();
        var halted = await world.RollAsync();
        Assert.Equal((RollState.Paused, "2 of 2 devices of the wave report a failure."), (halted.State, halted.HaltReason));
    }

    [Fact]
    public async Task A_failure_is_forgotten_when_the_device_says_so_or_has_moved()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(Plan, "d1", "d2");
        await world.RunAsync();
        await stores.Rolls.NoteReportAsync("d1", "no room", Stop);
        await stores.Rolls.NoteReportAsync("d1", null, Stop);
        await stores.Rolls.NoteReportAsync("d2", "no key", Stop);
        Assert.Equal([null, "no key"], await FailuresAsync(world));
        await world.UseAsync("d2", RollWorld.NewAnchor);
        await world.RunAsync();
        await world.UseAsync("d2", RollWorld.OldAnchor);
        Assert.Equal([null, null], await FailuresAsync(world));
    }

    [Fact]
    public async Task Who_was_not_offered_it_reports_nothing_and_neither_does_anyone_when_the_roll_is_over()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(Plan, "d1", "d2", "d3");
        await world.RunAsync();
        await stores.Rolls.NoteReportAsync("d3", "no room", Stop);
        await stores.Rolls.NoteReportAsync("d4", "no room", Stop);
        Assert.Equal([null, null, null], await FailuresAsync(world));
        await world.Steer.AbortAsync(RollWorld.Id, "ann", Stop);
        await stores.Rolls.NoteReportAsync("d1", "no room", Stop);
        Assert.Equal([null, null, null], await FailuresAsync(world));
    }

    [Fact]
    public async Task A_report_that_comes_before_the_offer_is_noted_as_sent_stays()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(Plan, "d1", "d2");
        var roll = await world.RollAsync();
        Assert.Equal(["d1"], await stores.Rolls.ClaimAsync(roll, 1, world.Now, Stop));
        await stores.Rolls.NoteReportAsync("d1", "no room", Stop);
        await stores.Rolls.NoteSentAsync(roll, "d1", world.Now, null, Stop);
        Assert.Equal(["no room", null], await FailuresAsync(world));
    }

    private static async Task<IEnumerable<string?>> FailuresAsync(RollWorld world) => (await world.DevicesAsync()).Select(device => device.Failure);
}
