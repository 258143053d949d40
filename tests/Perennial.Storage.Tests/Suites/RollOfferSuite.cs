using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Levelling;
using Perennial.Rolling.Rolls;
using Perennial.Storage.Tests.Rolls;

namespace Perennial.Storage.Tests.Suites;

/// <summary>How devices of a roll are told, on every database.</summary>
public abstract class RollOfferSuite(Func<Stores> open)
{
    private static readonly RollPlan Plan = new() { CanarySize = 2, OfferWindow = TimeSpan.FromHours(1) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, null, RollOffer.DesiredProperty)]
    [InlineData(RollOffer.Method, null, RollOffer.Method)]
    [InlineData(RollOffer.Method, RollOffer.DesiredProperty, RollOffer.DesiredProperty)]
    [InlineData(null, RollOffer.Method, RollOffer.Method)]
    public async Task Devices_are_told_as_the_plan_says_and_else_as_their_enrollment_says(RollOffer? ofEnrollment, RollOffer? ofPlan, RollOffer way)
    {
        await using var stores = open();
        var world = new RollWorld(stores) { Offer = ofEnrollment };
        await world.StartAsync(Plan with { Offer = ofPlan }, "d1", "d2", "d3");
        await world.RunAsync();
        Assert.Equal([way, way], world.Offers.Ways);
        Assert.Equal((ofEnrollment, ofPlan), ((await stores.Enrollments.FindAsync(RollWorld.Group, Stop))!.RollOffer, (await world.RollAsync()).Plan.Offer));
    }

    [Theory]
    [InlineData(RollOffer.None)]
    [InlineData(RollOffer.Registration)]
    public async Task Devices_that_are_told_nothing_by_the_hub_count_as_offered(RollOffer offer)
    {
        await using var stores = open();
        var world = new RollWorld(stores) { Offer = offer };
        await world.StartAsync(Plan, "d1", "d2", "d3");
        await world.RunAsync();
        Assert.Empty(world.Offers.Sent);
        Assert.Equal([0, 0, null], (await world.DevicesAsync()).Select(device => device.Wave));
    }

    [Fact]
    public async Task A_device_that_registers_is_told_the_window_from_its_offer_until_it_has_moved()
    {
        await using var stores = open();
        var world = new RollWorld(stores) { Offer = RollOffer.Registration };
        var find = new FindRollWindow(stores.Rolls, stores.Time);
        await world.StartAsync(Plan, "d1", "d2", "d3");
        Assert.Null(await find.RunAsync("d1", Stop));
        await world.RunAsync();
        var offered = world.Now;
        world.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(new RollWindow(offered, offered.AddHours(1)), await find.RunAsync("D1", Stop));
        Assert.Null(await find.RunAsync("d3", Stop));

        // The window is over, and the device comes at last.
        world.Pass(TimeSpan.FromHours(2));
        Assert.Equal(new RollWindow(world.Now, world.Now.AddHours(1)), await find.RunAsync("d1", Stop));
        await world.UseAsync("d1", RollWorld.NewAnchor);
        Assert.Null(await find.RunAsync("d1", Stop));
    }

    [Fact]
    public async Task A_roll_that_does_not_run_and_a_device_that_is_waived_give_no_window()
    {
        await using var stores = open();
        var world = new RollWorld(stores);
        var find = new FindRollWindow(stores.Rolls, stores.Time);
        await world.StartAsync(Plan, "d1", "d2");
        await world.RunAsync();
        await world.Steer.WaiveAsync(RollWorld.Id, "d1", "scrapped", "ann", Stop);
        Assert.Null(await find.RunAsync("d1", Stop));
        Assert.NotNull(await find.RunAsync("d2", Stop));
        await world.Steer.PauseAsync(RollWorld.Id, "ann", Stop);
        Assert.Null(await find.RunAsync("d2", Stop));
    }
}
