using Perennial.Provisioning.Attestation;
using Perennial.Rolling.Rolls;
using Perennial.Rolling.Sightings;
using Perennial.Storage.Tests.Rolls;
using Perennial.X509;

namespace Perennial.Storage.Tests.Suites;

/// <summary>How rolls are turned back, and who holds them open, on every database.</summary>
public abstract class RollBackSuite(Func<Stores> open)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_roll_that_is_turned_back_keeps_the_new_certificate_until_no_device_is_seen_with_it()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(RollSuite.Quick with { CanarySize = 3, RatePerMinute = 10, Soak = TimeSpan.Zero }, "d1", "d2", "d3", "d4");
        await world.RunAsync();
        Assert.Equal(["d1", "d2", "d3"], world.Offers.Sent.Select(sent => sent.Device));
        await world.UseAsync("d1", RollWorld.NewAnchor);
        await world.UseAsync("d2", RollWorld.NewAnchor);
        Assert.IsType<RollOutcome.Done>(await world.Steer.RollBackAsync(RollWorld.Id, "ann", Stop));
        Assert.IsType<RollOutcome.Invalid>(await world.Steer.RollBackAsync(RollWorld.Id, "ann", Stop));

        // What d3 did not follow is withdrawn; d1 is the canary of the way back, and d4 was never touched.
        await world.RunAsync();
        await world.RunAsync();
        Assert.Equal(["d3"], world.Offers.Withdrawn);
        Assert.Equal(["d1", "d2"], world.Offers.SentBack);
        Assert.Equal(["d1", "d2"], (await world.DevicesAsync(onlyOpen: true)).Select(device => device.Device));
        await world.UseAsync("d1", RollWorld.OldAnchor);
        await world.RunAsync();
        Assert.True(await world.HoldsNewAsync(), "A device is still seen with the new certificate.");

        await world.UseAsync("d2", RollWorld.OldAnchor);
        await world.RunAsync();
        Assert.Equal((RollState.Completed, true, false), ((await world.RollAsync()).State, await world.HoldsOldAsync(), await world.HoldsNewAsync()));
        Assert.Contains("ann roll.rollBack roll 'roll-1'", stores.Audit());
        Assert.IsType<RollOutcome.Invalid>(await world.Steer.RollBackAsync(RollWorld.Id, "ann", Stop));
        await SettleAsync(stores, world);
        Assert.Equal(["d1", "d2", "d3"], world.Offers.Withdrawn.Order());
    }

    [Fact]
    public async Task What_was_offered_is_withdrawn_also_when_the_way_back_has_nobody_to_wait_for()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(RollSuite.Quick, "d1", "d2");
        await world.RunAsync();
        await world.Steer.RollBackAsync(RollWorld.Id, "ann", Stop);
        await world.RunAsync();
        Assert.Equal((RollState.Completed, false), ((await world.RollAsync()).State, await world.HoldsNewAsync()));
        await SettleAsync(stores, world);
        Assert.Equal(["d1"], world.Offers.Withdrawn);
    }

    [Fact]
    public async Task An_aborted_roll_can_be_turned_back_after_its_devices_were_let_go()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(RollSuite.Quick, "d1", "d2");
        await world.RunAsync();
        await world.UseAsync("d1", RollWorld.NewAnchor);
        await world.Steer.AbortAsync(RollWorld.Id, "ann", Stop);
        await world.Advance.SettleAsync(await world.RollAsync(), Stop);
        await world.UseAsync("d2", RollWorld.NewAnchor);
        Assert.False((await world.DevicesAsync()).Single(device => device.Device == "d2").IsMoved, "What is seen after the end concerns the roll no longer.");

        Assert.IsType<RollOutcome.Done>(await world.Steer.RollBackAsync(RollWorld.Id, "ann", Stop));
        await world.RunAsync();
        Assert.Equal(["d1", "d2"], (await world.DevicesAsync(onlyOpen: true)).Select(device => device.Device));
    }

    [Fact]
    public async Task A_way_back_that_was_aborted_is_not_gone_again()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(RollSuite.Quick, "d1", "d2");
        await world.RunAsync();
        await world.UseAsync("d1", RollWorld.NewAnchor);
        Assert.IsType<RollOutcome.Done>(await world.Steer.RollBackAsync(RollWorld.Id, "ann", Stop));
        await world.RunAsync();
        await world.Steer.AbortAsync(RollWorld.Id, "ann", Stop);
        await SettleAsync(stores, world);
        Assert.Equal(["d1"], world.Offers.Withdrawn);
        var refused = Assert.IsType<RollOutcome.Invalid>(await world.Steer.RollBackAsync(RollWorld.Id, "ann", Stop));
        Assert.Contains("Plan another roll", refused.Sentence, StringComparison.Ordinal);
        Assert.Equal(RollState.Aborted, (await world.RollAsync()).State);
    }

    [Theory]
    [InlineData(true, RollState.Running)]
    [InlineData(false, RollState.Paused)]
    public async Task That_the_leaf_before_is_retired_halts_no_way_back(bool isBack, RollState state)
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(RollSuite.Quick, "d1", "d2");
        await world.RunAsync();
        if (isBack)
        {
            await world.UseAsync("d1", RollWorld.NewAnchor);
            await world.Steer.RollBackAsync(RollWorld.Id, "ann", Stop);
            await world.RunAsync();
            Assert.Equal(["d1"], world.Offers.SentBack);
        }

        world.Pass(TimeSpan.FromSeconds(1));
        await world.RefuseAsync("d1", AttestationRefusals.LeafRetired);
        await world.RunAsync();
        Assert.Equal(state, (await world.RollAsync()).State);
        world.Pass(TimeSpan.FromSeconds(1));
        await world.RefuseAsync("d1", AttestationRefusals.NotEnrolled);
        await world.RunAsync();
        Assert.Equal(RollState.Paused, (await world.RollAsync()).State);
    }

    [Fact]
    public async Task A_device_that_goes_over_to_a_key_holds_the_overlap_open_no_longer_than_its_leaf_lasts()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(RollSuite.Quick with { LostContact = new HaltLimit(1, 9) }, "d1");
        await world.RunAsync();
        world.Pass(TimeSpan.FromSeconds(1));
        var key = Thumbprint.Of("a key"u8);
        await stores.Sightings.RecordAsync(
            new Sighting { Device = "d1", Path = SightingPath.Hub, At = world.Now, Match = new SightingMatch(RollWorld.Group, Provisioning.Enrollments.Slot.Primary, key) }, Stop);
        await world.RunAsync();
        Assert.True(await world.HoldsOldAsync());
        world.Pass(RollWorld.LeafEnd - world.Now + TimeSpan.FromDays(1));
        await world.RunAsync();
        Assert.Equal((RollState.Completed, false), ((await world.RollAsync()).State, await world.HoldsOldAsync()));
    }

    private static async Task SettleAsync(Stores stores, RollWorld world)
    {
        while (await stores.Rolls.ListUnsettledAsync(Stop) is [var ended])
        {
            await world.Advance.SettleAsync(ended, Stop);
        }
    }
}
