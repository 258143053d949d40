using System.Text.Json;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

/// <summary>A roll is rehearsed through the service API before it is started.</summary>
public sealed class RehearsalApiTests : IDisposable
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
    public async Task A_roll_whose_rehearsal_finds_nothing_that_blocks_is_rehearsed_and_starts_without_a_reason()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        await PlanAsync(instance, client);
        Assert.Equal(404, (await client.AskAsync(HttpMethod.Get, $"/rolls/spring/rehearsal?{Version}")).Status);

        using var leaf = _new.IssueLeaf("dev-1");
        var (status, _, begun) = await client.AskAsync(HttpMethod.Post, $"/rolls/spring/rehearse?{Version}", JsonSerializer.Serialize(new { specimen = leaf.CertificatePem }));
        Assert.Equal((202, "policy provisioningserviceowner"), (status, begun.GetProperty("actor").GetString()));
        var done = await WaitAsync(client);
        Assert.False(done.GetProperty("blocks").GetBoolean(), done.ToString());
        Assert.Equal((2, 2, 0), (done.GetProperty("devices").GetInt32(), done.GetProperty("moved").GetInt32(), done.GetProperty("lostDevices").GetInt32()));
        Assert.True(done.GetProperty("completes").GetBoolean());
        Assert.Equal("rehearsed", (await client.AskAsync(HttpMethod.Get, $"/rolls/spring?{Version}")).Body.GetProperty("state").GetString());

        var (started, _, running) = await client.AskAsync(HttpMethod.Post, $"/rolls/spring/start?{Version}");
        Assert.Equal((200, "running"), (started, running.GetProperty("state").GetString()));
        Assert.False(running.TryGetProperty("withoutRehearsal", out _));
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Post, $"/rolls/spring/rehearse?{Version}")).Status);
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Delete, $"/rolls/spring/rehearsal?{Version}")).Status);
    }

    [Fact]
    public async Task A_roll_that_a_finding_blocks_stays_a_draft_and_names_the_devices_that_would_be_lost()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        await PlanAsync(instance, client);

        // The new leaf is below an authority that no device sends.
        using var issuing = _new.CreateIntermediate("Issuing");
        using var leaf = issuing.IssueLeaf("dev-1");
        await client.AskAsync(HttpMethod.Post, $"/rolls/spring/rehearse?{Version}", JsonSerializer.Serialize(new { specimen = leaf.CertificatePem }));
        var done = await WaitAsync(client);
        Assert.True(done.GetProperty("blocks").GetBoolean());
        Assert.Contains(done.GetProperty("findings").EnumerateArray(), finding =>
            finding.GetProperty("kind").GetString() == "missingIntermediate" && finding.GetProperty("severity").GetString() == "blocks" && finding.GetProperty("devices").GetInt32() == 2);
        Assert.Equal("draft", (await client.AskAsync(HttpMethod.Get, $"/rolls/spring?{Version}")).Body.GetProperty("state").GetString());
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Post, $"/rolls/spring/start?{Version}")).Status);

        // Planned anew, there is no rehearsal of the plan.
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/rolls/spring?{Version}", """{"enrollmentGroupId":"line","plan":{"soakSeconds":0}}""")).Status);
        Assert.Equal(404, (await client.AskAsync(HttpMethod.Get, $"/rolls/spring/rehearsal?{Version}")).Status);
    }

    [Theory]
    [InlineData("""{"largestChainBytes":1}""")]
    [InlineData("""{"clockErrorSeconds":-1}""")]
    [InlineData("""{"issuancesPerMinute":0}""")]
    [InlineData("""{"seed":"one"}""")]
    public async Task What_cannot_be_is_refused(string body)
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        await PlanAsync(instance, client);
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Post, $"/rolls/spring/rehearse?{Version}", body)).Status);
        Assert.Equal(404, (await client.AskAsync(HttpMethod.Post, $"/rolls/none/rehearse?{Version}")).Status);
    }

    [Fact]
    public async Task A_specimen_that_cannot_be_read_fails_the_rehearsal_with_a_sentence()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        await PlanAsync(instance, client);
        Assert.Equal(202, (await client.AskAsync(HttpMethod.Post, $"/rolls/spring/rehearse?{Version}", """{"specimen":"none"}""")).Status);
        var failed = await WaitAsync(client);
        Assert.Equal("failed", failed.GetProperty("state").GetString());
        Assert.StartsWith("The specimen cannot be read", failed.GetProperty("fault").GetString(), StringComparison.Ordinal);
    }

    private async Task PlanAsync(ServedInstance instance, ServiceClient client)
    {
        var group = new
        {
            enrollmentGroupId = "line",
            attestation = new
            {
                type = "x509",
                x509 = new { signingCertificates = new { primary = new { certificate = _old.Own.CertificatePem }, secondary = new { certificate = _new.Own.CertificatePem } } },
            },
        };
        await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/line?{Version}", JsonSerializer.Serialize(group));
        foreach (var id in new[] { "dev-1", "dev-2" })
        {
            using var leaf = _old.IssueLeaf(id);
            using var device = new ServiceClient(instance, leaf);
            await device.AskAsync(HttpMethod.Put, $"/{instance.Instance.Document.IdScope}/registrations/{id}/register?{Version}", $$"""{"registrationId":"{{id}}"}""");
        }

        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/rolls/spring?{Version}", """
            {"enrollmentGroupId":"line","plan":{"contactWithinSeconds":172800,"offerWindowSeconds":172800}}
            """)).Status);
    }

    private static async Task<JsonElement> WaitAsync(ServiceClient client)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            var (_, _, body) = await client.AskAsync(HttpMethod.Get, $"/rolls/spring/rehearsal?{Version}");
            if (body.GetProperty("state").GetString() != "running")
            {
                return body;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }
}
