using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Perennial.Server.Tests.Http;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Webhooks;

/// <summary>Devices of a group whose hub is chosen by a webhook, through the whole service.</summary>
public sealed class CustomAllocationTests : IDisposable
{
    private const string Version = "api-version=2021-10-01";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-");
    private readonly TestAuthority _signer = TestAuthority.CreateRoot("Group root");

    public void Dispose()
    {
        _signer.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_hub_the_twin_and_the_payload_are_those_of_the_answer()
    {
        await using var server = await WebhookServer.SayingAsync(
            """{"iotHubHostName":"127.0.0.1","initialTwin":{"tags":{"by":"webhook"}},"payload":{"greeting":"hello"}}""");
        await using var instance = await StartAsync(server, "127.0.0.0/8");
        using var leaf = _signer.IssueLeaf("dev-01");

        var state = await RegisterAsync(instance, leaf);
        Assert.Equal(("127.0.0.1", "initialAssignment"), (state.GetProperty("assignedHub").GetString(), state.GetProperty("substatus").GetString()));
        Assert.Equal("""{"greeting":"hello"}""", state.GetProperty("payload").GetRawText());
        Assert.Contains("\"enrollmentGroup\":{\"enrollmentGroupId\":\"g\"", Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.DoesNotContain("currentIotHubHostName", server.Requests[0], StringComparison.Ordinal);

        using var client = new ServiceClient(instance);
        var (_, _, record) = await client.AskAsync(HttpMethod.Get, $"/registrations/dev-01?{Version}");
        Assert.Equal("127.0.0.1", record.GetProperty("assignedHub").GetString());
    }

    [Fact]
    public async Task While_the_webhook_is_silent_the_device_is_told_assigning_and_then_the_end()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await WebhookServer.StartAsync(async (context, _) =>
        {
            await go.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("""{"iotHubHostName":"localhost"}""", context.RequestAborted);
        });
        await using var instance = await StartAsync(server, "127.0.0.0/8");
        using var leaf = _signer.IssueLeaf("dev-01");
        using var device = new ServiceClient(instance, leaf);
        var scope = instance.Instance.Document.IdScope;
        var (status, _, begun) = await device.AskAsync(HttpMethod.Put, $"/{scope}/registrations/dev-01/register?{Version}", "{}");
        Assert.Equal((202, "assigning"), (status, begun.GetProperty("status").GetString()));

        go.SetResult();
        Assert.Equal("localhost", (await EndAsync(device, scope, begun)).GetProperty("assignedHub").GetString());
    }

    [Theory]
    [InlineData("10.0.0.0/8", """{"iotHubHostName":"localhost"}""", "did not choose a hub", 0)]
    [InlineData("127.0.0.0/8", """{"iotHubHostName":"elsewhere.example"}""", "was not offered", 1)]
    [InlineData("127.0.0.0/8", "{}", "did not choose a hub", 1)]
    public async Task What_goes_wrong_fails_the_registration_with_400207(string network, string body, string expected, int requests)
    {
        await using var server = await WebhookServer.SayingAsync(body);
        await using var instance = await StartAsync(server, network);
        using var leaf = _signer.IssueLeaf("dev-01");
        var state = await RegisterAsync(instance, leaf);
        Assert.Equal(("failed", 400207), (state.GetProperty("status").GetString(), state.GetProperty("errorCode").GetInt32()));
        Assert.Equal(requests, server.Requests.Count);
        Assert.Contains(expected, state.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
    }

    private async Task<ServedInstance> StartAsync(WebhookServer server, string network)
    {
        var trust = Path.Combine(_folder.FullName, "webhook-root.pem");
        await File.WriteAllTextAsync(trust, server.Root.CertificatePem, TestContext.Current.CancellationToken);
        var instance = ServedInstance.Open(TimeProvider.System, change: options => options with
        {
            Hubs = [KeyValuePair.Create("a", "localhost"), KeyValuePair.Create("b", "127.0.0.1")],
            OutgoingTrust = trust,
            WebhookNetworks = [network],
        });
        await instance.StartAsync();
        using var client = new ServiceClient(instance);
        var group = JsonSerializer.Serialize(new
        {
            attestation = new { type = "x509", x509 = new { signingCertificates = new { primary = new { certificate = _signer.Own.CertificatePem } } } },
            allocationPolicy = "custom",
            customAllocationDefinition = new { webhookUrl = server.Url.OriginalString, apiVersion = "2021-10-01" },
        });
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/g?{Version}", group)).Status);
        return instance;
    }

    private static async Task<JsonElement> RegisterAsync(ServedInstance instance, TestCertificate leaf)
    {
        using var device = new ServiceClient(instance, leaf);
        var scope = instance.Instance.Document.IdScope;
        var (_, _, begun) = await device.AskAsync(HttpMethod.Put, $"/{scope}/registrations/dev-01/register?{Version}", "{}");
        return await EndAsync(device, scope, begun);
    }

    private static async Task<JsonElement> EndAsync(ServiceClient device, string scope, JsonElement begun)
    {
        var path = $"/{scope}/registrations/dev-01/operations/{begun.GetProperty("operationId").GetString()}?{Version}";
        var (status, _, ended) = await device.AskAsync(HttpMethod.Get, path);
        while (status == 202)
        {
            (status, _, ended) = await device.AskAsync(HttpMethod.Get, path);
        }

        return ended.GetProperty("registrationState");
    }
}
