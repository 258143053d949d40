using Perennial.Bench.Fleets;

namespace Perennial.Fleet.Tests;

/// <summary>
/// Fleets of real TLS connections to the real executable, rolled by the service. A sample of what <c>fleet</c> of the bench runs with every kind,
/// at 2,000 and at 10,000 devices.
/// </summary>
public sealed class FleetRollTests(MeasuredMachine machine, ITestOutputHelper output) : IClassFixture<MeasuredMachine>
{
    [Fact]
    public async Task Two_thousand_devices_roll_their_intermediate_and_nothing_is_lost() =>
        await RollAsync(new FleetScenario(FleetKind.Intermediate, 2000) { Seed = 11 });

    [Theory]
    [InlineData("Leaf")]
    [InlineData("Root")]
    [InlineData("IssuingCa")]
    public async Task A_fleet_rolls_and_nothing_is_lost(string kind) => await RollAsync(new FleetScenario(Enum.Parse<FleetKind>(kind), 200) { Seed = 12 });

    [Theory]
    [InlineData("Leaf")]
    [InlineData("Intermediate")]
    [InlineData("Root")]
    [InlineData("IssuingCa")]
    public async Task A_server_that_is_killed_in_each_step_finishes_the_roll_and_nothing_is_lost(string kind)
    {
        var outcome = await RollAsync(new FleetScenario(Enum.Parse<FleetKind>(kind), 100) { Seed = 13, IsKilled = true });

        // A quick server has retired the old certificate before it is seen that all have moved.
        Assert.Empty(new[] { "stage", "start", "offer", "move", "end" }.Except(outcome.Kills));
    }

    [Theory]
    [InlineData("Leaf")]
    [InlineData("Intermediate")]
    public async Task Devices_that_are_offline_hold_the_old_certificate_and_roll_when_they_come_back(string kind) =>
        await RollAsync(new FleetScenario(Enum.Parse<FleetKind>(kind), 200) { Seed = 14, OfflineShare = 0.05 });

    [Theory]
    [InlineData("Leaf", false)]
    [InlineData("Leaf", true)]
    [InlineData("Intermediate", false)]
    [InlineData("Root", true)]
    [InlineData("IssuingCa", false)]
    public async Task A_bad_canary_halts_the_roll_and_nobody_else_is_touched(string kind, bool breaksFirst) =>
        await RollAsync(new FleetScenario(Enum.Parse<FleetKind>(kind), 100) { Seed = 15, IsBad = true, BreaksFirst = breaksFirst });

    private async Task<FleetOutcome> RollAsync(FleetScenario scenario)
    {
        output.WriteLine($"seed {scenario.Seed}, {machine.HandshakesPerSecond:0} bare handshakes a second");
        var outcome = await FleetRun.RunAsync(scenario.AtPaceOf(machine.HandshakesPerSecond), TimeProvider.System, TestContext.Current.CancellationToken);
        output.WriteLine(FleetTable.Line(outcome));
        Assert.Empty(outcome.Faults());
        return outcome;
    }
}
