using System.Text.Json;
using Perennial.Agent.Durability;
using Perennial.Agent.Rolling;
using Perennial.X509;

namespace Perennial.Agent.Tests.EndToEnd;

/// <summary>The agent on a device whose issuer is drained: it obtains a certificate of another issuer and goes on.</summary>
public sealed class DrainTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly StringWriter _log = new(CultureInfo.InvariantCulture);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_device_of_a_drained_issuer_obtains_a_certificate_of_another_one_and_goes_on()
    {
        await using var perennial = await ServedPerennial.StartAsync();
        using var device = Device.Open(perennial.MakeDevice("lamp-1"), TimeProvider.System, TextWriter.Synchronized(_log), KillSwitch.Off);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Task.Run(() => new RunAgent(device).ExecuteAsync(stop.Token), Stop);
        await WaitAsync(perennial, async () => device.Credentials.Current is { } current && await ReportedAsync(perennial, "lamp-1") == current.Thumbprint);
        var stolen = IssuerOf(device);

        await perennial.IssueByAsync("next");
        var drain = await perennial.AskAsync(HttpMethod.Put, $"/blocks/issuer/{stolen}?api-version=2021-10-01", """{"reason":"stolen","mode":"drain"}""", isOfHub: false);
        Assert.Equal("drain", drain.GetProperty("mode").GetString());
        await WaitAsync(perennial, async () => IssuerOf(device) != stolen && await ReportedAsync(perennial, "lamp-1") == device.Credentials.Current!.Thumbprint);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_device_that_was_off_when_its_issuer_was_drained_comes_back_by_itself()
    {
        await using var perennial = await ServedPerennial.StartAsync();
        using var device = Device.Open(perennial.MakeDevice("lamp-2"), TimeProvider.System, TextWriter.Synchronized(_log), KillSwitch.Off);
        Assert.True(await new RollNow(device).ExecuteAsync(onlyIfDue: false, Stop));
        var stolen = IssuerOf(device);
        await perennial.IssueByAsync("next");
        await perennial.AskAsync(HttpMethod.Put, $"/blocks/issuer/{stolen}?api-version=2021-10-01", """{"reason":"stolen","mode":"drain"}""", isOfHub: false);
        await WaitAsync(perennial, async () =>
            (await perennial.AskAsync(HttpMethod.Get, $"/blocks/issuer/{stolen}?api-version=2021-10-01", isOfHub: false)).TryGetProperty("turnsSinceUtc", out _));

        Assert.True(await new RollNow(device).ExecuteAsync(onlyIfDue: false, Stop));
        Assert.NotEqual(stolen, IssuerOf(device));
        Assert.Equal(device.Credentials.Current!.Thumbprint, await ReportedAsync(perennial, "lamp-2"));
    }

    private static Thumbprint IssuerOf(Device device)
    {
        using var held = device.Held.Open(device.Credentials.Current!.Slot);
        return held!.Chain.Issuers[0].Thumbprint;
    }

    private static async Task<string?> ReportedAsync(ServedPerennial perennial, string id)
    {
        var twin = await perennial.AskAsync(HttpMethod.Get, $"/twins/{id}?api-version=2021-04-12");
        return twin.GetProperty("properties").GetProperty("reported").TryGetProperty("certificate", out var reported) && reported.ValueKind == JsonValueKind.Object
            ? reported.GetProperty("thumbprint").GetString()
            : null;
    }

    private async Task WaitAsync(ServedPerennial perennial, Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"It did not come about. The agent said:\n{_log}\nThe service said:\n{perennial.Said}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
        }
    }
}
