using Perennial.Provisioning;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.Storage.Tests.Rolls;

namespace Perennial.Storage.Tests.Suites;

/// <summary>Rehearsals in storage.</summary>
public abstract class RehearsalSuite(Func<Stores> open)
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_blocks_nothing_makes_the_roll_rehearsed_and_is_read_again_with_the_devices_it_lost_by_pages()
    {
        await using var stores = open();
        var (world, rehearsal) = await BeginAsync(stores);
        Assert.False(await stores.Rehearsals.TryBeginAsync(await world.RollAsync(), rehearsal with { Id = "two" }, Stop));
        Assert.True(await stores.Rehearsals.NoteProgressAsync(rehearsal, 0.25, Stop));
        Assert.Equal(0.25, (await stores.Rehearsals.FindAsync("ROLL-1", Stop))!.Progress);

        var lost = Enumerable.Range(0, 5).Select(i => new LostDevice($"d{i}", Now.AddDays(i), "its certificate ends")).ToList();
        await stores.Rehearsals.FinishAsync(rehearsal, Result(FindingSeverity.Warns) with { Lost = lost, LostDevices = 5 }, Stop);
        var done = (await stores.Rehearsals.FindAsync(RollWorld.Id, Stop))!;
        Assert.Equal((RehearsalState.Done, 1.0, 5L), (done.State, done.Progress, done.Result!.LostDevices));
        Assert.Equal(Result(FindingSeverity.Warns).Findings, done.Result.Findings);
        Assert.Equal(RollState.Rehearsed, (await world.RollAsync()).State);
        Assert.Contains("ann roll.rehearse roll 'roll-1'", stores.Audit());

        var first = await stores.Rehearsals.ListLostAsync(RollWorld.Id, new PageRequest(null, 3), Stop);
        var second = await stores.Rehearsals.ListLostAsync(RollWorld.Id, new PageRequest(first.Next, 3), Stop);
        Assert.Equal(lost, first.Items.Concat(second.Items));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task One_that_blocks_makes_a_rehearsed_roll_a_draft_again()
    {
        await using var stores = open();
        var (world, rehearsal) = await BeginAsync(stores);
        await stores.Rehearsals.FinishAsync(rehearsal, Result(FindingSeverity.Warns), Stop);
        var again = rehearsal with { Id = "two", RollVersion = (await world.RollAsync()).Version };
        Assert.True(await stores.Rehearsals.TryBeginAsync(await world.RollAsync(), again, Stop));
        await stores.Rehearsals.FinishAsync(again, Result(FindingSeverity.Blocks), Stop);
        Assert.Equal(RollState.Draft, (await world.RollAsync()).State);
    }

    [Fact]
    public async Task A_plan_that_was_replaced_or_started_meanwhile_is_not_rehearsed_by_it()
    {
        await using var stores = open();
        var (world, rehearsal) = await BeginAsync(stores);
        Assert.IsType<RollOutcome.Done>(await world.PlanAgainAsync(new RollPlan()));
        Assert.Null(await stores.Rehearsals.FindAsync(RollWorld.Id, Stop));
        Assert.False(await stores.Rehearsals.NoteProgressAsync(rehearsal, 0.5, Stop));
        await stores.Rehearsals.FinishAsync(rehearsal, Result(FindingSeverity.Warns), Stop);
        Assert.Equal(RollState.Draft, (await world.RollAsync()).State);

        var other = rehearsal with { Id = "two", RollVersion = (await world.RollAsync()).Version };
        Assert.True(await stores.Rehearsals.TryBeginAsync(await world.RollAsync(), other, Stop));
        await world.Steer.StartAsync(RollWorld.Id, "the certificate ends today", "ann", Stop);
        await stores.Rehearsals.FinishAsync(other, Result(FindingSeverity.Warns), Stop);
        Assert.Equal(RollState.Running, (await world.RollAsync()).State);
        Assert.False(await stores.Rehearsals.TryBeginAsync(await world.RollAsync(), other with { Id = "three" }, Stop));
    }

    [Fact]
    public async Task One_that_was_stopped_or_interrupted_says_so_and_is_not_finished_later()
    {
        await using var stores = open();
        var (world, rehearsal) = await BeginAsync(stores);
        Assert.Equal([rehearsal.Id], (await stores.Rehearsals.ListRunningAsync(Stop)).Select(one => one.Id));
        Assert.True(await stores.Rehearsals.TryEndAsync(rehearsal, RehearsalState.Failed, "The service was stopped.", Stop));
        Assert.False(await stores.Rehearsals.TryEndAsync(rehearsal, RehearsalState.Stopped, null, Stop));
        await stores.Rehearsals.FinishAsync(rehearsal, Result(FindingSeverity.Warns), Stop);
        var found = (await stores.Rehearsals.FindAsync(RollWorld.Id, Stop))!;
        Assert.Equal((RehearsalState.Failed, "The service was stopped."), (found.State, found.Fault));
        Assert.Equal(RollState.Draft, (await world.RollAsync()).State);
        Assert.Empty(await stores.Rehearsals.ListRunningAsync(Stop));
    }

    private static async Task<(RollWorld World, Rehearsal Rehearsal)> BeginAsync(Stores stores)
    {
        var world = new RollWorld(stores);
        await world.PlanAsync(new RollPlan(), "d1", "d2");
        var roll = await world.RollAsync();
        var rehearsal = new Rehearsal { Roll = roll.Id, RollVersion = roll.Version, Id = "one", State = RehearsalState.Running, Started = Now, Actor = "ann" };
        Assert.True(await stores.Rehearsals.TryBeginAsync(roll, rehearsal, Stop));
        return (world, rehearsal);
    }

    private static RehearsalResult Result(FindingSeverity severity) => new()
    {
        Findings = [new RehearsalFinding(FindingKind.SoakTooShort, severity, 2, "A sentence.", "A remedy.")],
        Lost = [],
        LostDevices = 0,
        Peak = new PeakLoad(1, 2, 3),
        Completes = true,
        Finishes = Now.AddDays(1),
        Devices = 2,
        Moved = 2,
        Waves = [new RehearsedWave(0, Now, 1)],
        Seed = 1,
    };
}
