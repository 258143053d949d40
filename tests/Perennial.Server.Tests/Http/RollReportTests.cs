using Perennial.Server.Tests.Issuance;

namespace Perennial.Server.Tests.Http;

/// <summary>What a device of a roll says of itself on its live connection, and what the operator sees of it.</summary>
public sealed class RollReportTests : IAsyncDisposable
{
    private readonly IssuingInstance _issuing = new();

    public ValueTask DisposeAsync() => _issuing.DisposeAsync();

    [Fact]
    public async Task A_failure_that_a_device_reports_is_shown_and_halts_the_roll_until_it_is_taken_back()
    {
        using var service = await _issuing.StartAsync();
        var roll = new RollWatch(service, "spring");
        using var next = TestCertificates.TestAuthority.CreateRoot("Next");
        await _issuing.EnrollGroupAsync(service, next.Own);
        using var leaf = _issuing.Factory.IssueLeaf("dev-1");
        await (await Outages.PublishingDevice.ConnectAsync(_issuing.Endpoint, "dev-1", leaf)).DisposeAsync();
        await using var device = await RollingDevice.ConnectAsync(_issuing.Endpoint, "dev-1", leaf);

        // Before it is offered anything it may say what it likes.
        await device.ReportAsync("""{"certificateRoll":{"state":"failed","message":"of old"}}""");
        await roll.StartAsync("""{"enrollmentGroupId":"g","plan":{"failures":{"share":1,"devices":1}}}""");
        Assert.True((await device.NextAsync("$iothub/twin/PATCH/properties/desired/")).Body.TryGetProperty("certificateRenewal", out _));
        Assert.Equal("offered", (await roll.WaitForAsync("dev-1", "offered")).GetProperty("state").GetString());

        await device.ReportAsync("""{"certificateRoll":{"state":"failed","code":"E17","message":"no room for a key"}}""");
        var failed = await roll.WaitForAsync("dev-1", "failed");
        Assert.Equal("The device reports that it failed: E17: no room for a key", failed.GetProperty("remark").GetString());
        var halted = await roll.WaitForStateAsync("paused");
        Assert.Equal("1 of 1 device of the wave reports a failure.", halted.GetProperty("haltReason").GetString());

        await device.ReportAsync("""{"certificateRoll":{"state":"rolling"}}""");
        Assert.Equal("offered", (await roll.DeviceAsync("dev-1")).GetProperty("state").GetString());
        await roll.ActAsync("resume");
        await roll.WaitForStateAsync("running");
    }
}
