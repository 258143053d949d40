using System.Text.Json;
using Perennial.Agent.Durability;
using Perennial.Agent.Rolling;

namespace Perennial.Agent.Tests.EndToEnd;

/// <summary>Agents that run are devices of a roll of the real service, told in each way that there is.</summary>
public sealed class RollTests(PerennialFixture fixture) : IClassFixture<PerennialFixture>, IDisposable
{
    private const string Version = "api-version=2021-10-01";

    private readonly StringWriter _said = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _said.Dispose();

    [Theory]
    [InlineData("desiredProperty")]
    [InlineData("method")]
    public async Task An_agent_that_is_told_on_its_hub_rolls_moves_and_the_roll_is_completed(string offer)
    {
        var (device, running, stop) = await StartAsync($"told-{offer}", offer);
        using (device)
        using (stop)
        {
            var first = device.Credentials.Current!;
            await PlanAsync($"by-{offer}", device.Name);
            await WaitAsync(device, async () => await StateAsync($"by-{offer}") == "completed");
            Assert.NotEqual(first.Thumbprint, device.Credentials.Current!.Thumbprint);
            Assert.Equal("moved", (await DeviceAsync($"by-{offer}")).GetProperty("state").GetString());
            await EndAsync(running, stop);
        }
    }

    [Fact]
    public async Task An_agent_that_is_told_when_it_registers_rolls_moves_and_the_roll_is_completed()
    {
        var (device, running, stop) = await StartAsync("told-registration", "registration");
        using (device)
        using (stop)
        {
            await PlanAsync("by-registration", device.Name);
            await WaitAsync(device, async () => (await DeviceAsync("by-registration")).GetProperty("state").GetString() == "offered");
            var first = device.Credentials.Current!;

            // The hub knows it no more and refuses it: it registers again, and is told.
            await fixture.Served.AskAsync(HttpMethod.Delete, "/devices/told-registration?api-version=2021-04-12");
            await WaitAsync(device, async () => await StateAsync("by-registration") == "completed");
            Assert.NotEqual(first.Thumbprint, device.Credentials.Current!.Thumbprint);
            Assert.False(device.State.IsWindowOfTwin);
            await EndAsync(running, stop);
        }
    }

    // An agent that was provisioned: its certificate is in the secondary slot, since the one of its factory left the primary by the first use.
    private async Task<(Device Device, Task Running, CancellationTokenSource Stop)> StartAsync(string id, string offer)
    {
        var configuration = await fixture.Served.MakeIndividualAsync(id, offer);
        var device = Device.Open(configuration, TimeProvider.System, TextWriter.Synchronized(_said), KillSwitch.Off);
        var stop = new CancellationTokenSource();
        var running = Task.Run(() => new RunAgent(device).ExecuteAsync(stop.Token), Stop);
        await WaitAsync(device, async () => device.Credentials.Current is not null && await IsReportedAsync(device));
        return (device, running, stop);
    }

    private static async Task EndAsync(Task running, CancellationTokenSource stop)
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private async Task<bool> IsReportedAsync(Device device)
    {
        var twin = await fixture.Served.AskAsync(HttpMethod.Get, $"/twins/{device.Name}?api-version=2021-04-12");
        return twin.GetProperty("properties").GetProperty("reported").TryGetProperty("certificate", out _);
    }

    private async Task PlanAsync(string roll, string device)
    {
        await RollAsync(HttpMethod.Put, roll, JsonSerializer.Serialize(new { registrationIds = new[] { device }, oldSlot = "secondary", plan = new { offerWindowSeconds = 2, refusals = new { share = 1, devices = 20 } } }));
        await RollAsync(HttpMethod.Post, $"{roll}/start", """{"withoutRehearsal":"a test"}""");
    }

    private async Task<string?> StateAsync(string roll) => (await RollAsync(HttpMethod.Get, roll)).GetProperty("state").GetString();

    private async Task<JsonElement> DeviceAsync(string roll) => (await RollAsync(HttpMethod.Get, $"{roll}/devices"))[0];

    private Task<JsonElement> RollAsync(HttpMethod method, string path, string? body = null) =>
        fixture.Served.AskAsync(method, $"/rolls/{path}?{Version}", body, isOfHub: false);

    private async Task WaitAsync(Device device, Func<Task<bool>> fact)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90), TimeProvider.System);
        while (!await fact())
        {
            Assert.False(limit.IsCancellationRequested, $"What was waited for did not come for {device.Name}. The agent said:\n{_said}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
        }
    }
}
