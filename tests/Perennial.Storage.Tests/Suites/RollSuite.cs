using System.Collections.Concurrent;
using CsCheck;
using Perennial.Provisioning.Attestation;
using Perennial.Rolling.Capacity;
using Perennial.Rolling.Rolls;
using Perennial.Storage.Tests.Impact;
using Perennial.Storage.Tests.Rolls;

namespace Perennial.Storage.Tests.Suites;

/// <summary>How rolls go, on every database.</summary>
public abstract class RollSuite(Func<Stores> open, int runs)
{
    /// <summary>Enough that rolls end in more than one way.</summary>
    protected const int Runs = 40;

    /// <summary>A plan of small waves.</summary>
    internal static readonly RollPlan Quick = new()
    {
        CanarySize = 1,
        WaveSize = 2,
        Growth = 2,
        RatePerMinute = 3,
        Soak = TimeSpan.FromMinutes(10),
        Gate = 0.9,
        ContactWithin = TimeSpan.FromMinutes(30),
        Refusals = new HaltLimit(0.3, 1),
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plan_is_replaced_until_the_roll_is_started_and_one_that_was_not_rehearsed_starts_for_a_reason_only()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.PlanAsync(Quick, "d1", "d2");
        Assert.IsType<RollOutcome.Invalid>(await world.Steer.StartAsync(RollWorld.Id, null, "ann", Stop));
        Assert.IsType<RollOutcome.Invalid>(await world.Steer.StartAsync(RollWorld.Id, " ", "ann", Stop));

        var planned = await world.RollAsync();
        await world.JoinAsync("d3");
        Assert.IsType<RollOutcome.Done>(await world.PlanAgainAsync(Quick with { Canary = ["d3"] }));
        var replaced = await world.RollAsync();
        Assert.Equal((RollState.Draft, planned.Version + 1, planned.Created), (replaced.State, replaced.Version, replaced.Created));
        Assert.Equal(["d1", "d2", "d3"], (await world.DevicesAsync()).Select(device => device.Device));
        Assert.Contains("ann roll.replace roll 'roll-1'", stores.Audit());
        Assert.False(await stores.Rolls.TryReplaceAsync(planned, [], "ann", Stop));

        Assert.IsType<RollOutcome.Done>(await world.Steer.StartAsync(RollWorld.Id, "the certificate ends today", "ann", Stop));
        Assert.Equal((RollState.Running, "the certificate ends today"), ((await world.RollAsync()).State, (await world.RollAsync()).WithoutRehearsal));
        Assert.IsType<RollOutcome.Exists>(await world.PlanAgainAsync(Quick));
        await world.RunAsync();
        Assert.Equal(["d3"], world.Offers.Sent.Select(sent => sent.Device));
    }

    [Fact]
    public async Task A_roll_goes_from_the_canary_through_its_waves_to_the_retirement()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(Quick with { Canary = ["d5"] }, "d1", "d2", "d3", "d4", "d5");
        Assert.IsType<RollStep.Wait>(await world.RunAsync());
        Assert.Equal(["d5"], world.Offers.Sent.Select(sent => sent.Device));

        await world.UseAsync("d5", RollWorld.NewAnchor);
        Assert.IsType<RollStep.Wait>(await world.RunAsync());
        Assert.Single(world.Offers.Sent);
        world.Pass(TimeSpan.FromMinutes(11));
        await world.RunAsync();
        Assert.Equal(["d5", "d1", "d2"], world.Offers.Sent.Select(sent => sent.Device));

        await world.UseAsync("d1", RollWorld.NewAnchor);
        await world.UseAsync("d2", RollWorld.NewAnchor);
        world.Pass(TimeSpan.FromMinutes(11));
        await world.RunAsync();
        Assert.Equal(["d3", "d4"], world.Offers.Sent.Skip(3).Select(sent => sent.Device));
        await world.UseAsync("d3", RollWorld.NewAnchor);
        Assert.IsType<RollStep.Wait>(await world.RunAsync());
        Assert.True(await world.HoldsOldAsync());
        Assert.Equal(["d4"], (await world.DevicesAsync(onlyOpen: true)).Select(device => device.Device));

        Assert.IsType<RollOutcome.Done>(await world.Steer.WaiveAsync(RollWorld.Id, "D4", "scrapped", "ann", Stop));
        await world.RunAsync();
        Assert.Equal((RollState.Completed, false), ((await world.RollAsync()).State, await world.HoldsOldAsync()));
        Assert.Contains("ann roll.waive roll 'roll-1'", stores.Audit());
        Assert.Contains("roll roll.complete roll 'roll-1'", stores.Audit());
    }

    [Fact]
    public async Task A_canary_that_does_not_come_back_halts_the_roll()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(Quick with { CanarySize = 2, LostContact = new HaltLimit(0.5, 2) }, "d1", "d2", "d3", "d4", "d5");
        await world.RunAsync();
        Assert.Equal(2, world.Offers.Sent.Count);
        world.Pass(TimeSpan.FromMinutes(31));
        foreach (var device in new[] { "d3", "d4", "d5" })
        {
            await world.UseAsync(device, RollWorld.OldAnchor);
        }

        await world.RunAsync();
        var halted = await world.RollAsync();
        Assert.Equal((RollState.Paused, 2), (halted.State, world.Offers.Sent.Count));
        Assert.Contains("did not come back", halted.HaltReason, StringComparison.Ordinal);
        Assert.True(await world.HoldsOldAsync());
    }

    [Fact]
    public async Task Devices_that_are_silent_everywhere_halt_nothing()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(Quick with { CanarySize = 2, LostContact = new HaltLimit(0.5, 2) }, "d1", "d2", "d3", "d4", "d5");
        await world.RunAsync();
        world.Pass(TimeSpan.FromMinutes(31));
        await world.RunAsync();
        Assert.Equal(RollState.Running, (await world.RollAsync()).State);
    }

    [Fact]
    public async Task A_refusal_of_a_device_of_the_wave_halts_the_roll_and_an_abort_withdraws_what_was_not_followed()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(Quick with { CanarySize = 3 }, "d1", "d2", "d3", "d4");
        await world.RunAsync();
        world.Pass(TimeSpan.FromMinutes(1));
        await world.UseAsync("d1", RollWorld.NewAnchor);
        await world.RefuseAsync("d2");
        await world.RunAsync();
        Assert.Equal(RollState.Paused, (await world.RollAsync()).State);
        Assert.IsType<RollOutcome.Done>(await world.Steer.AbortAsync(RollWorld.Id, "ann", Stop));
        await world.Advance.SettleAsync(await world.RollAsync(), Stop);
        Assert.Equal(["d2", "d3"], world.Offers.Withdrawn);
        Assert.IsType<RollOutcome.Invalid>(await world.Steer.ResumeAsync(RollWorld.Id, "ann", Stop));
        Assert.True(await world.HoldsOldAsync());
    }

    [Fact]
    public async Task Windows_are_spread_and_a_hastened_roll_tells_its_devices_that_theirs_have_begun()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        var spread = TimeSpan.FromDays(2);
        await world.StartAsync(Quick with { CanarySize = 4, RatePerMinute = 10, Spread = spread }, "d1", "d2", "d3", "d4");
        await world.RunAsync();
        var first = world.Offers.Windows.ToDictionary();
        Assert.All(first, told => Assert.InRange(told.Value.Begins, world.Now, world.Now + spread));
        Assert.Equal(4, first.Values.Select(window => window.Begins).Distinct().Count());
        await world.UseAsync("d1", RollWorld.NewAnchor);

        Assert.IsType<RollOutcome.Invalid>(await world.Steer.HastenAsync(RollWorld.Id, " ", "ann", Stop));
        Assert.IsType<RollOutcome.Done>(await world.Steer.HastenAsync(RollWorld.Id, "the key was stolen", "ann", Stop));
        world.Pass(TimeSpan.FromMinutes(2));
        await world.RunAsync();
        Assert.Equal(["d2", "d3", "d4"], world.Offers.Sent.Skip(4).Select(sent => sent.Device));
        Assert.All(["d2", "d3", "d4"], device => Assert.True(world.Offers.Windows[device].Begins < world.Now && world.Offers.Windows[device].Ends > world.Now));
        Assert.Equal(first["d1"], world.Offers.Windows["d1"]);
        Assert.Contains("ann roll.hasten roll 'roll-1'", stores.Audit());
    }

    [Fact]
    public async Task A_roll_keeps_to_the_smallest_measured_figure_of_what_it_needs_unless_its_plan_says_less()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        world.Capacity.Figures = new ServiceCapacity { Authority = Measured(1), Provisioning = Measured(4), Hub = Measured(3) };
        await world.StartAsync(Quick with { CanarySize = 10, RatePerMinute = 100 }, "d1", "d2", "d3", "d4", "d5");
        await world.RunAsync();
        Assert.Equal(3, world.Offers.Sent.Count);
        Assert.Equal(100, (await world.RollAsync()).Plan.EffectiveRate);
        world.Capacity.Figures = new ServiceCapacity { Hub = Measured(1) };
        world.Pass(TimeSpan.FromMinutes(2));
        await world.RunAsync();
        Assert.Equal(4, world.Offers.Sent.Count);
        Assert.Equal(1, new ServiceCapacity { Authority = Measured(1), Hub = Measured(3) }.SmallestFor(issues: true));

        CapacityFigure Measured(int perMinute) => new(perMinute, stores.Time.GetUtcNow(), "by a test");
    }

    [Fact]
    public async Task A_roll_that_was_killed_between_the_retirement_and_its_end_ends_when_it_runs_again()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(Quick, "d1");
        await world.UseAsync("d1", RollWorld.NewAnchor);
        await stores.Enrollments.SaveAsync(
            Samples.GroupOf(RollWorld.Group.Id, "2", RollWorld.NewCertificate), (await stores.Enrollments.FindAsync(RollWorld.Group, Stop))!.ETag, "test", Stop);
        await world.RunAsync();
        Assert.Equal(RollState.Completed, (await world.RollAsync()).State);
    }

    [Fact]
    public async Task A_device_that_was_refused_and_falls_back_to_the_old_certificate_at_once_halts_the_roll()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(Quick, "d1", "d2");
        await world.RefuseAsync("d1");
        await world.UseAsync("d1", RollWorld.OldAnchor);
        world.Pass(TimeSpan.FromSeconds(1));
        await world.RunAsync();
        Assert.Equal(RollState.Running, (await world.RollAsync()).State);

        world.Pass(TimeSpan.FromSeconds(1));
        await world.RefuseAsync("d1");
        world.Pass(TimeSpan.FromSeconds(1));
        await world.UseAsync("d1", RollWorld.OldAnchor);
        await world.RunAsync();
        Assert.Equal(RollState.Paused, (await world.RollAsync()).State);

        world.Pass(TimeSpan.FromMinutes(2));
        await world.UseAsync("d1", RollWorld.OldAnchor);
        Assert.IsType<RollOutcome.Done>(await world.Steer.ResumeAsync(RollWorld.Id, "ann", Stop));
        await world.RunAsync();
        Assert.Equal(RollState.Running, (await world.RollAsync()).State);
        await world.RefuseAsync("d1");
        await world.UseAsync("d1", RollWorld.NewAnchor);
        await world.RunAsync();
        Assert.Equal(RollState.Running, (await world.RollAsync()).State);
        Assert.Equal(["d1"], world.Offers.Sent.Select(sent => sent.Device));
    }

    [Fact]
    public async Task A_drained_device_that_waits_for_its_turn_does_not_halt_the_roll()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(Quick, "d1", "d2");
        await world.RunAsync();
        world.Pass(TimeSpan.FromSeconds(1));
        await world.RefuseAsync("d1", AttestationRefusals.Drained);
        await world.RunAsync();
        Assert.Equal(RollState.Running, (await world.RollAsync()).State);
    }

    [Fact]
    public async Task Devices_of_earlier_waves_tell_how_many_are_silent_anyway_when_nobody_is_left_outside()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        var plan = Quick with { CanarySize = 4, WaveSize = 4, Gate = 0.5, RatePerMinute = 100, LostContact = new HaltLimit(0.5, 1) };
        await world.StartAsync(plan, "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8");
        await world.RunAsync();
        foreach (var device in new[] { "d1", "d2" })
        {
            await world.UseAsync(device, RollWorld.NewAnchor);
        }

        world.Pass(TimeSpan.FromMinutes(11));
        await world.RunAsync();
        Assert.Equal(8, world.Offers.Sent.Count);
        foreach (var device in new[] { "d5", "d6" })
        {
            await world.UseAsync(device, RollWorld.NewAnchor);
        }

        world.Pass(TimeSpan.FromHours(1));
        await world.RunAsync();
        Assert.Equal(RollState.Running, (await world.RollAsync()).State);

        await world.UseAsync("d3", RollWorld.OldAnchor);
        await world.UseAsync("d4", RollWorld.OldAnchor);
        await world.RunAsync();
        Assert.Contains("did not come back", (await world.RollAsync()).HaltReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_are_retired_apart_from_the_plan_which_ends_the_roll_once_they_are()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        using var leaf = await world.StartOfLeafAsync(Quick, "d1");
        await world.RunAsync();
        Assert.Equal(["d1"], world.Offers.Sent.Select(sent => sent.Device));
        world.Pass(TimeSpan.FromSeconds(1));
        await world.UseLeafAsync("d1", leaf, Provisioning.Enrollments.Slot.Secondary);

        Assert.IsType<RollStep.Retire>(await world.Advance.PlanAsync(RollWorld.Id, Stop));
        Assert.Equal((RollState.Running, 2), ((await world.RollAsync()).State, await world.LeavesAsync("d1")));
        await world.Advance.RetireLeavesAsync(RollWorld.Id, Stop);
        Assert.Equal((RollState.Running, 1), ((await world.RollAsync()).State, await world.LeavesAsync("d1")));
        await world.Advance.PlanAsync(RollWorld.Id, Stop);
        Assert.Equal(RollState.Completed, (await world.RollAsync()).State);
    }

    [Fact]
    public async Task A_roll_needs_the_new_certificate_staged_and_a_name_of_its_own()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await stores.Enrollments.SaveAsync(Samples.GroupOf("bare", "1", TestCertificates.TestAuthority.CreateRoot().Certificate), null, "test", Stop);
        Assert.IsType<RollOutcome.Invalid>(await CreateAsync(world, "r", Samples.Group("bare")));
        Assert.IsType<RollOutcome.Invalid>(await CreateAsync(world, "r", Samples.Group("none")));
        await world.StartAsync(Quick, "d1");
        Assert.IsType<RollOutcome.Exists>(await CreateAsync(world, "ROLL-1", RollWorld.Group));
        Assert.IsType<RollOutcome.Invalid>(await CreateAsync(world, "no name", RollWorld.Group));
    }

    /// <summary>
    /// Whatever devices, operators and kills do in whatever order: the old certificate stays while a device needs it, no device is touched but by a
    /// running roll, never faster than the rate, and no wave begins before the gate of the one before is open.
    /// </summary>
    [Fact]
    public async Task No_order_of_steps_kills_and_devices_breaks_the_promise()
    {
        var ends = new ConcurrentDictionary<RollState, int>();
        await Gen.Int[0, 1_000_000].Array[60, 220].SampleAsync(
            async drawn =>
            {
                await using var stores = open();
                var world = new RollWorld(stores);
                var tape = new Tape(drawn);
                await world.StartAsync(Quick with { CanarySize = 1 + tape.Choose(2), LostContact = new HaltLimit(1, 3) }, "d1", "d2", "d3");
                for (var i = 0; i < drawn.Length; i++)
                {
                    await new RandomRollStep(world, tape, i).RunAsync();
                }

                ends.AddOrUpdate((await world.RollAsync()).State, 1, (_, count) => count + 1);
            },
            iter: runs,
            threads: 2,
            print: drawn => string.Join(',', drawn));
        Assert.True(runs < Runs || ends.ContainsKey(RollState.Completed), $"No roll came to its end: {string.Join(' ', ends)}");
        Assert.True(runs < Runs || ends.ContainsKey(RollState.Paused), $"No roll was halted or paused: {string.Join(' ', ends)}");
    }

    private static Task<RollOutcome> CreateAsync(RollWorld world, string id, Provisioning.Enrollments.EnrollmentKey group) =>
        world.Create.OfGroupAsync(id, group, Provisioning.Enrollments.Slot.Primary, RollReason.Policy, Quick, "test", Stop);
}
