using System.Text.Json;
using Perennial.Server.Proofs;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

/// <summary>A roll as an operator runs it through the service API, with devices that register for real.</summary>
public sealed class RollApiTests : IDisposable
{
    private const string Version = "api-version=2021-10-01";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestAuthority _old = TestAuthority.CreateRoot("Old");
    private readonly TestAuthority _new = TestAuthority.CreateRoot("New");

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
    }

    [Fact]
    public async Task A_signing_certificate_is_rolled_by_offers_and_retired_when_every_device_has_moved()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/line?{Version}", Group());
        await RegisterAsync(instance, "dev-1", _old);
        await RegisterAsync(instance, "dev-2", _old);

        var (status, _, draft) = await client.AskAsync(HttpMethod.Put, $"/rolls/spring?{Version}", """
            {"enrollmentGroupId":"line","reason":"expiration","plan":{"canary":["dev-2"],"soakSeconds":0,
             "windows":[{"days":["monday","tuesday","wednesday","thursday","friday","saturday","sunday"],"from":"00:00","until":"00:00","timeZone":"Europe/Berlin"}]}}
            """);
        Assert.Equal((200, "draft", 2), (status, draft.GetProperty("state").GetString(), draft.GetProperty("progress").GetProperty("devices").GetInt32()));
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Post, $"/rolls/spring/start?{Version}")).Status);
        var (started, _, running) = await client.AskAsync(HttpMethod.Post, $"/rolls/spring/start?{Version}", """{"withoutRehearsal":"a test"}""");
        Assert.Equal((200, "running", "a test"), (started, running.GetProperty("state").GetString(), running.GetProperty("withoutRehearsal").GetString()));
        Assert.Equal(409, (await client.AskAsync(HttpMethod.Put, $"/rolls/Spring?{Version}", """{"enrollmentGroupId":"line"}""")).Status);

        Assert.Equal(["offered", "pending"], await WaitForStatesAsync(client, "dev-2 offered"));
        await RegisterAsync(instance, "dev-2", _new);
        Assert.Equal(["moved", "offered"], await WaitForStatesAsync(client, "dev-1 offered"));
        Assert.Equal(["dev-1"], (await client.AskAsync(HttpMethod.Get, $"/rolls/spring/devices?open=true&{Version}")).Body
            .EnumerateArray().Select(device => device.GetProperty("registrationId").GetString()));

        await RegisterAsync(instance, "dev-1", _new);
        await WaitAsync(async () => (await client.AskAsync(HttpMethod.Get, $"/rolls/spring?{Version}")).Body.GetProperty("state").GetString() == "completed");
        var slots = (await client.AskAsync(HttpMethod.Get, $"/enrollmentGroups/line?{Version}")).Body
            .GetProperty("attestation").GetProperty("x509").GetProperty("signingCertificates");
        Assert.False(slots.TryGetProperty("primary", out var primary) && primary.ValueKind != JsonValueKind.Null);
        Assert.Equal(401, await RegisterAsync(instance, "dev-1", _old));
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Post, $"/rolls/spring/abort?{Version}")).Status);
        await AssertProofAsync(client);
    }

    [Theory]
    [InlineData("""{"enrollmentGroupId":"none"}""")]
    [InlineData("""{"registrationIds":[]}""")]
    [InlineData("""{"enrollmentGroupId":"line","plan":{"gate":2}}""")]
    [InlineData("""{"enrollmentGroupId":"line","plan":{"offer":"smoke"}}""")]
    [InlineData("""{"enrollmentGroupId":"line","plan":{"windows":[{"days":["someday"],"from":"00:00","until":"01:00","timeZone":"Europe/Berlin"}]}}""")]
    [InlineData("""{"enrollmentGroupId":"line","oldSlot":"third"}""")]
    public async Task A_plan_that_is_none_is_refused(string body)
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/line?{Version}", Group());
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Put, $"/rolls/r?{Version}", body)).Status);
        Assert.Equal(404, (await client.AskAsync(HttpMethod.Get, $"/rolls/r?{Version}")).Status);
    }

    // The report says what happened, is signed, and probed what was retired.
    private static async Task AssertProofAsync(ServiceClient client)
    {
        await WaitAsync(async () => (await client.AskAsync(HttpMethod.Get, $"/rolls/spring/proof?{Version}")).Status == 200);
        var (_, _, proof) = await client.AskAsync(HttpMethod.Get, $"/rolls/spring/proof?{Version}");
        Assert.Null(SignedProof.FindFault(System.Text.Encoding.UTF8.GetBytes(proof.GetRawText()), keyId: null, out var report));
        Assert.Equal(("completed", "a test"), (((string)report!["roll"]!["state"]!).ToLowerInvariant(), (string?)report["withoutRehearsal"]));
        Assert.Equal((2, 2, 0), ((int)report["outcome"]!["devices"]!, (int)report["outcome"]!["moved"]!, (int)report["outcome"]!["neither"]!));
        Assert.Equal((2, 2, 0), ((int)report["probe"]!["probed"]!, (int)report["probe"]!["refused"]!, (int)report["probe"]!["accepted"]!));
        Assert.All(report["devices"]!.AsArray(), device =>
        {
            Assert.Equal((64, 64), (((string)device!["old"]!).Length, ((string)device["new"]!).Length));
            Assert.NotEqual((string)device["old"]!, (string)device["new"]!);
            Assert.NotNull((string?)device["firstUseUtc"]);
        });
        Assert.Contains(report["acts"]!.AsArray(), act => (string)act!["action"]! == "roll.start" && (string)act["actor"]! == "policy provisioningserviceowner");
        Assert.Equal(64, ((string)report["auditHead"]!).Length);
        Assert.Equal(404, (await client.AskAsync(HttpMethod.Get, $"/rolls/none/proof?{Version}")).Status);
    }

    private static async Task<IReadOnlyList<string?>> WaitForStatesAsync(ServiceClient client, string wanted)
    {
        IReadOnlyList<JsonElement> devices = [];
        await WaitAsync(async () =>
        {
            devices = [.. (await client.AskAsync(HttpMethod.Get, $"/rolls/spring/devices?{Version}")).Body.EnumerateArray()];
            return devices.Any(device => $"{device.GetProperty("registrationId")} {device.GetProperty("state")}" == wanted);
        });
        return [.. devices.Select(device => device.GetProperty("state").GetString()).Order(StringComparer.Ordinal)];
    }

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
