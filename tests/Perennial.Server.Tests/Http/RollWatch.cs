using System.Text.Json;

namespace Perennial.Server.Tests.Http;

/// <summary>One roll as an operator runs and watches it through the service API.</summary>
internal sealed class RollWatch(ServiceClient client, string roll)
{
    private const string Version = "api-version=2021-10-01";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Plans the roll and starts it.</summary>
    public async Task StartAsync(string body)
    {
        await DemandAsync(HttpMethod.Put, $"/rolls/{roll}", body);
        await DemandAsync(HttpMethod.Post, $"/rolls/{roll}/start", """{"withoutRehearsal":"a test"}""");
    }

    /// <summary>The device as the roll sees it.</summary>
    public async Task<JsonElement> DeviceAsync(string id) => (await DemandAsync(HttpMethod.Get, $"/rolls/{roll}/devices"))
        .EnumerateArray().Single(device => device.GetProperty("registrationId").GetString() == id);

    /// <summary>Waits until the device is in this state.</summary>
    public async Task<JsonElement> WaitForAsync(string id, string state)
    {
        JsonElement device = default;
        await WaitAsync(async () => (device = await DeviceAsync(id)).GetProperty("state").GetString() == state);
        return device;
    }

    /// <summary>Waits until the roll is in this state.</summary>
    public async Task<JsonElement> WaitForStateAsync(string state)
    {
        JsonElement found = default;
        await WaitAsync(async () => (found = await DemandAsync(HttpMethod.Get, $"/rolls/{roll}")).GetProperty("state").GetString() == state);
        return found;
    }

    public Task ActAsync(string verb) => DemandAsync(HttpMethod.Post, $"/rolls/{roll}/{verb}");

    public Task WaiveAsync(string id, string reason) =>
        DemandAsync(HttpMethod.Post, $"/rolls/{roll}/devices/{id}/waive", JsonSerializer.Serialize(new { reason }));

    public static async Task WaitAsync(Func<Task<bool>> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
        }
    }

    private async Task<JsonElement> DemandAsync(HttpMethod method, string path, string? body = null)
    {
        var (status, _, answer) = await client.AskAsync(method, $"{path}?{Version}", body);
        Assert.True(status == 200, $"{method} {path}: {status} {answer}");
        return answer;
    }
}
