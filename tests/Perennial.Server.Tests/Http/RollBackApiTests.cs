using System.Text.Json;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

/// <summary>A roll that is hastened and then turned back through the service API, with devices that register for real.</summary>
public sealed class RollBackApiTests : IDisposable
{
    private const string Version = "api-version=2021-10-01";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TestAuthority _old = TestAuthority.CreateRoot("Old");
    private readonly TestAuthority _new = TestAuthority.CreateRoot("New");

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
    }

    [Fact]
    public async Task A_device_that_moved_goes_back_and_only_then_the_new_certificate_is_taken_out()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/line?{Version}", Group());
        await RegisterAsync(instance, "dev-1", _old);
        await RegisterAsync(instance, "dev-2", _old);
        const string Plan = """{"enrollmentGroupId":"line","plan":{"canarySize":2,"soakSeconds":0,"spreadSeconds":3600}}""";
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/rolls/spring?{Version}", Plan)).Status);
        Assert.Equal(400, await ActAsync(client, "rollBack"));
        Assert.Equal(200, await ActAsync(client, "start", """{"withoutRehearsal":"a test"}"""));
        await WaitForAsync(client, "dev-1 offered, dev-2 offered");
        Assert.NotEqual(401, await RegisterAsync(instance, "dev-1", _new));
        await WaitForAsync(client, "dev-1 moved, dev-2 offered");

        Assert.Equal(400, await ActAsync(client, "hasten", """{"reason":" "}"""));
        Assert.Equal(200, await ActAsync(client, "hasten", """{"reason":"the key was stolen"}"""));
        Assert.True((await RollAsync(client)).TryGetProperty("hastenedUtc", out _));

        Assert.Equal(200, await ActAsync(client, "rollBack"));
        Assert.Equal(400, await ActAsync(client, "rollBack"));
        await WaitForAsync(client, "dev-1 offered, dev-2 moved");
        Assert.True((await RollAsync(client)).GetProperty("back").GetBoolean());
        Assert.Equal("primary secondary", await FilledAsync(client));

        Assert.NotEqual(401, await RegisterAsync(instance, "dev-1", _old));
        await WaitAsync(async () => (await RollAsync(client)).GetProperty("state").GetString() == "completed");
        Assert.Equal("primary", await FilledAsync(client));
        Assert.Equal(401, await RegisterAsync(instance, "dev-1", _new));
        Assert.NotEqual(401, await RegisterAsync(instance, "dev-2", _old));
        Assert.Equal(400, await ActAsync(client, "rollBack"));
    }

    private static async Task<int> ActAsync(ServiceClient client, string verb, string? body = null) =>
        (await client.AskAsync(HttpMethod.Post, $"/rolls/spring/{verb}?{Version}", body)).Status;

    private static async Task<JsonElement> RollAsync(ServiceClient client) => (await client.AskAsync(HttpMethod.Get, $"/rolls/spring?{Version}")).Body;

    private static async Task<string> FilledAsync(ServiceClient client)
    {
        var slots = (await client.AskAsync(HttpMethod.Get, $"/enrollmentGroups/line?{Version}")).Body
            .GetProperty("attestation").GetProperty("x509").GetProperty("signingCertificates");
        return string.Join(' ', new[] { "primary", "secondary" }.Where(slot => slots.TryGetProperty(slot, out var held) && held.ValueKind == JsonValueKind.Object));
    }

    private static Task WaitForAsync(ServiceClient client, string states) => WaitAsync(async () =>
    {
        var devices = (await client.AskAsync(HttpMethod.Get, $"/rolls/spring/devices?{Version}")).Body.EnumerateArray();
        return string.Join(", ", devices.Select(device => $"{device.GetProperty("registrationId")} {device.GetProperty("state")}")) == states;
    });

    private static async Task WaitAsync(Func<Task<bool>> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
        }
    }

    private string Group() => JsonSerializer.Serialize(new
    {
        enrollmentGroupId = "line",
        attestation = new
        {
            type = "x509",
            x509 = new
            {
                signingCertificates = new { primary = new { certificate = _old.Own.CertificatePem }, secondary = new { certificate = _new.Own.CertificatePem } },
            },
        },
    });

    private static async Task<int> RegisterAsync(ServedInstance instance, string id, TestAuthority signer)
    {
        using var leaf = signer.IssueLeaf(id);
        using var device = new ServiceClient(instance, leaf);
        var path = $"/{instance.Instance.Document.IdScope}/registrations/{id}/register?{Version}";
        return (await device.AskAsync(HttpMethod.Put, path, $$"""{"registrationId":"{{id}}"}""")).Status;
    }
}
