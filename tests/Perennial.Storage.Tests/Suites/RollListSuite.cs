using Perennial.Rolling.Rolls;
using Perennial.Storage.Tests.Rolls;

namespace Perennial.Storage.Tests.Suites;

/// <summary>Rolls as operators look for them.</summary>
public abstract class RollListSuite(Func<SqlStores> open)
{
    private static readonly RollPlan Two = new() { CanarySize = 2, WaveSize = 2, Soak = TimeSpan.Zero, RatePerMinute = 100 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rolls_are_found_by_state_and_paged_in_both_directions()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(Two, "d1");
        foreach (var name in new[] { "a", "B", "c", "z" })
        {
            await world.Create.OfGroupAsync(name, RollWorld.Group, Provisioning.Enrollments.Slot.Primary, RollReason.Policy, Two, "test", Stop);
        }

        var first = await stores.RollList.ListAsync(null, null, false, 2, Stop);
        Assert.Equal(("a, B", false, true), (Ids(first.Rolls), first.HasPrevious, first.HasNext));
        var second = await stores.RollList.ListAsync(null, "B", false, 2, Stop);
        Assert.Equal(("c, roll-1", true, true), (Ids(second.Rolls), second.HasPrevious, second.HasNext));
        var back = await stores.RollList.ListAsync(null, "c", true, 2, Stop);
        Assert.Equal(("a, B", false, true), (Ids(back.Rolls), back.HasPrevious, back.HasNext));
        Assert.Equal("roll-1", Ids((await stores.RollList.ListAsync(RollState.Running, null, false, 2, Stop)).Rolls));
        Assert.Equal("c, z", Ids((await stores.RollList.ListAsync(RollState.Draft, "b", false, 5, Stop)).Rolls));
    }

    [Fact]
    public async Task A_device_knows_its_rolls_and_a_roll_its_waves_and_its_pace()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        await world.StartAsync(Two, "d1", "d2", "d3", "d4", "d5");
        await world.RunAsync();
        await world.UseAsync("d1", RollWorld.NewAnchor);
        await world.UseAsync("d2", RollWorld.NewAnchor);
        world.Pass(TimeSpan.FromMinutes(2));
        await world.RunAsync();
        await world.UseAsync("d5", RollWorld.NewAnchor);
        await world.UseAsync("d4", RollWorld.NewAnchor);

        // The one that was told last still uses the old certificate, and one moved of itself.
        var roll = await world.RollAsync();
        Assert.Equal([new RollWave(0, 2, 2, 2), new RollWave(1, 2, 2, 1)], await stores.RollList.ListWavesAsync(roll, world.Now, Stop));
        var progress = await stores.Rolls.ReadProgressAsync(roll, world.Now, Stop);
        Assert.Equal((5, 4, 4, 1, 0, 3), (progress.Devices, progress.Offered, progress.Moved, progress.Open, progress.Pending, progress.Followed));

        var (own, device) = Assert.Single(await stores.RollList.OfDeviceAsync("D3", 10, world.Now, Stop));
        Assert.Equal((RollWorld.Id, 1, true), (own.Id, device.Wave, device.HoldsOpen));
        Assert.Empty(await stores.RollList.OfDeviceAsync("d9", 10, world.Now, Stop));
    }

    private static string Ids(IReadOnlyList<Roll> rolls) => string.Join(", ", rolls.Select(roll => roll.Id));
}
