using Microsoft.Extensions.Time.Testing;
using Perennial.Testing;

namespace DeviceRollTests;

public sealed class RollTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lamp_that_is_told_to_roll_goes_on_with_the_new_certificate()
    {
        await using var perennial = await PerennialHost.StartAsync(cancellationToken: Stop);
        using var first = perennial.IssueDevice("lamp-1");
        using var second = perennial.IssueDevice("lamp-1");
        await perennial.EnrollAsync("lamp-1", first.Leaf, cancellationToken: Stop);
        await using var lamp = LampOf(perennial, "lamp-1", first);
        await lamp.ConnectAsync(Stop);
        await lamp.SendAsync("before", Stop);

        await perennial.EnrollAsync("lamp-1", first.Leaf, secondary: second.Leaf, Stop); // staged
        await lamp.RollAsync(second.Leaf, Stop);
        await lamp.SendAsync("after", Stop);
        await perennial.EnrollAsync("lamp-1", second.Leaf, cancellationToken: Stop); // the first one is retired

        await perennial.Hub.WaitForConnectedAsync("lamp-1", Stop);
        Assert.Equal(["before", "after"], (await perennial.Hub.ReadTelemetryAsync(cancellationToken: Stop)).Select(message => message.Text));
        Assert.Equal(1, lamp.Provisionings);
    }

    [Fact]
    public async Task On_Azure_a_lamp_with_a_new_certificate_is_unauthorized_provisions_again_and_is_connected()
    {
        await using var perennial = await PerennialHost.StartAsync(new() { AzureMode = true }, Stop);
        using var first = perennial.IssueDevice("lamp-2");
        using var second = perennial.IssueDevice("lamp-2");
        await perennial.EnrollAsync("lamp-2", first.Leaf, second.Leaf, Stop);
        await using var lamp = LampOf(perennial, "lamp-2", first);
        await lamp.ConnectAsync(Stop);

        await lamp.RollAsync(second.Leaf, Stop);

        await perennial.Hub.WaitForConnectedAsync("lamp-2", Stop);
        Assert.Equal(2, lamp.Provisionings);
        Assert.Contains(await perennial.ReadSightingsAsync("lamp-2", Stop), sighting => sighting is { Hub: not null, IsAccepted: false });
        Assert.Equal("secondary", (await perennial.WaitForSightingAsync("lamp-2", sighting => sighting.Hub is null && sighting.Slot == "secondary", Stop)).Slot);
    }

    [Fact]
    public async Task A_lamp_keeps_its_old_certificate_when_nobody_staged_the_new_one()
    {
        await using var perennial = await PerennialHost.StartAsync(cancellationToken: Stop);
        using var first = perennial.IssueDevice("lamp-3");
        using var unknown = perennial.IssueDevice("lamp-3");
        await perennial.EnrollAsync("lamp-3", first.Leaf, cancellationToken: Stop);
        await using var lamp = LampOf(perennial, "lamp-3", first);
        await lamp.ConnectAsync(Stop);

        await Assert.ThrowsAsync<HttpRequestException>(() => lamp.RollAsync(unknown.Leaf, Stop));

        await lamp.SendAsync("still here", Stop);
        Assert.Equal("still here", (await perennial.Hub.WaitForTelemetryAsync("lamp-3", cancellationToken: Stop)).Text);
    }

    [Fact]
    public async Task A_lamp_below_a_group_that_missed_its_roll_is_refused_after_ninety_days()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var perennial = await PerennialHost.StartAsync(new() { Time = time }, Stop);
        using var root = perennial.CreateRoot();
        using var leaf = root.IssueDevice("lamp-4", lifetime: TimeSpan.FromDays(90));
        await perennial.EnrollGroupAsync("lamps", root.Certificate, cancellationToken: Stop);
        await using var lamp = LampOf(perennial, "lamp-4", leaf);
        await lamp.ConnectAsync(Stop);
        await lamp.DisposeAsync();

        time.Advance(TimeSpan.FromDays(91));

        await Assert.ThrowsAsync<HttpRequestException>(() => lamp.ConnectAsync(Stop));
        var refused = await perennial.WaitForSightingAsync("lamp-4", sighting => !sighting.IsAccepted, Stop);
        Assert.Contains("was valid", refused.Explanation, StringComparison.Ordinal);
    }

    private static Lamp LampOf(PerennialHost perennial, string id, DeviceCertificate certificate) => new(
        new CloudAddress(
            perennial.ProvisioningHostName, perennial.IdScope, perennial.Address, perennial.HttpsPort, perennial.MqttPort, perennial.Root),
        id,
        certificate.Leaf);
}
