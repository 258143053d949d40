using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Data.Sqlite;
using Perennial.Protocol.Sas;
using Perennial.Server.Hubs;
using Perennial.Server.Tests.Http;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Hubs;

/// <summary>A second instance as a linked hub of the first.</summary>
public sealed class RemoteHubTests : IAsyncDisposable
{
    private const string Version = "api-version=2021-10-01";

    private readonly ServedInstance _hub = ServedInstance.Open(
        TimeProvider.System, change: options => options with { Host = "127.0.0.1", Hubs = [KeyValuePair.Create("far", "127.0.0.1")] });

    private readonly ServedInstance _service;
    private readonly TestCertificate _leaf = TestAuthority.CreateSelfSignedLeaf("dev-01");

    public RemoteHubTests() => _service = ServedInstance.Open(
        TimeProvider.System,
        change: options => options with { LinkedHubs = [Connection()], OutgoingTrust = Path.Combine(_hub.Instance.KeysFolder, "root.pem") });

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _hub.DisposeAsync();
        _leaf.Dispose();
    }

    [Fact]
    public async Task A_device_goes_to_the_other_instance_with_its_leaf_in_both_slots_and_its_twin_and_back()
    {
        await _hub.StartAsync();
        await _service.StartAsync();
        await EnrollAsync("127.0.0.1");
        Assert.Equal("127.0.0.1", (await RegisterAsync()).GetProperty("registrationState").GetProperty("assignedHub").GetString());

        var device = await AskHubAsync(HttpMethod.Get, "/devices/dev-01");
        var thumbprints = device.GetProperty("authentication").GetProperty("x509Thumbprint");
        Assert.Equal(_leaf.Certificate.Thumbprint.ToString(), thumbprints.GetProperty("primaryThumbprint").GetString());
        Assert.Equal(_leaf.Certificate.Thumbprint.ToString(), thumbprints.GetProperty("secondaryThumbprint").GetString());
        Assert.Equal("first", TagOf(await AskHubAsync(HttpMethod.Get, "/twins/dev-01")));
        await AskHubAsync(HttpMethod.Patch, "/twins/dev-01", """{"tags":{"site":"grown"}}""");

        await EnrollAsync("localhost");
        var state = (await RegisterAsync()).GetProperty("registrationState");
        Assert.Equal(("localhost", "deviceDataMigrated"), (state.GetProperty("assignedHub").GetString(), state.GetProperty("substatus").GetString()));
        await EnrollAsync("127.0.0.1");
        Assert.Equal("deviceDataMigrated", (await RegisterAsync()).GetProperty("registrationState").GetProperty("substatus").GetString());
        Assert.Equal("grown", TagOf(await AskHubAsync(HttpMethod.Get, "/twins/dev-01")));
    }

    [Fact]
    public async Task While_the_other_instance_is_away_the_operation_is_assigning_and_then_it_heals()
    {
        await _service.StartAsync();
        await EnrollAsync("127.0.0.1");
        var begun = await RegisterAsync();
        Assert.Equal("assigning", begun.GetProperty("status").GetString());
        var operation = begun.GetProperty("operationId").GetString();
        using var service = new ServiceClient(_service);
        Assert.Equal(404, (await service.AskAsync(HttpMethod.Get, $"/registrations/dev-01?{Version}")).Status);

        await _hub.StartAsync();
        using var device = new ServiceClient(_service, _leaf);
        var path = $"/{_service.Instance.Document.IdScope}/registrations/dev-01/operations/{operation}?{Version}";
        var (status, _, ended) = await device.AskAsync(HttpMethod.Get, path);
        while (status == 202)
        {
            (status, _, ended) = await device.AskAsync(HttpMethod.Get, path);
        }

        Assert.Equal((200, "assigned", operation), (status, ended.GetProperty("status").GetString(), ended.GetProperty("operationId").GetString()));
        Assert.Equal(200, (await service.AskAsync(HttpMethod.Get, $"/registrations/dev-01?{Version}")).Status);
    }

    [Fact]
    public async Task A_link_shows_no_key_keeps_it_when_it_is_changed_and_outlives_the_start()
    {
        await _service.StartAsync();
        using var client = new ServiceClient(_service);
        var (_, _, shown) = await client.AskAsync(HttpMethod.Get, $"/linkedHubs/127.0.0.1?{Version}");
        Assert.Contains("SharedAccessKey=****", shown.GetProperty("connectionString").GetString(), StringComparison.Ordinal);

        var document = JsonNode.Parse(shown.GetRawText())!;
        document["allocationWeight"] = 7;
        var (status, _, _) = await client.AskAsync(HttpMethod.Put, $"/linkedHubs/127.0.0.1?{Version}", document.ToJsonString());
        Assert.Equal(200, status);
        var stored = Assert.Single(_service.Instance.LinkedHubs.Read().Hubs);
        Assert.Equal((Connection().Format(), 7), (stored.ConnectionString, stored.AllocationWeight));

        Assert.Equal(400, (await client.AskAsync(HttpMethod.Put, $"/linkedHubs/127.0.0.1?{Version}", """{"allocationWeight":0}""")).Status);
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Put, $"/linkedHubs/other.example?{Version}", "{}")).Status);
        Assert.Equal(409, (await client.AskAsync(HttpMethod.Delete, $"/linkedHubs/localhost?{Version}")).Status);
        Assert.Equal(204, (await client.AskAsync(HttpMethod.Delete, $"/linkedHubs/127.0.0.1?{Version}")).Status);
        var (_, _, list) = await client.AskAsync(HttpMethod.Get, $"/linkedHubs?{Version}");
        Assert.Equal(["localhost"], list.GetProperty("value").EnumerateArray().Select(hub => hub.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_wrong_key_fails_the_registration()
    {
        await _hub.StartAsync();
        await _service.StartAsync();
        using var client = new ServiceClient(_service);
        var wrong = (Connection() with { SharedAccessKey = Convert.ToBase64String(new byte[32]) }).Format();
        await client.AskAsync(HttpMethod.Put, $"/linkedHubs/127.0.0.1?{Version}", JsonSerializer.Serialize(new { connectionString = wrong }));
        await EnrollAsync("127.0.0.1");
        var state = (await RegisterAsync()).GetProperty("registrationState");
        Assert.Equal(("failed", 400209), (state.GetProperty("status").GetString(), state.GetProperty("errorCode").GetInt32()));
    }

    [Fact]
    public async Task Every_change_of_a_link_leaves_an_audit_row_without_the_key()
    {
        await _service.StartAsync();
        using var client = new ServiceClient(_service);
        var key = Convert.ToBase64String(new byte[32]);
        var other = (Connection() with { SharedAccessKey = key }).Format();
        await client.AskAsync(HttpMethod.Put, $"/linkedHubs/127.0.0.1?{Version}", JsonSerializer.Serialize(new { connectionString = other }));
        await client.AskAsync(HttpMethod.Put, $"/linkedHubs/127.0.0.1?{Version}", """{"allocationWeight":7}""");
        await client.AskAsync(HttpMethod.Put, $"/linkedHubs/127.0.0.1?{Version}", """{"allocationWeight":7}""");
        await client.AskAsync(HttpMethod.Put, $"/allocation?{Version}", """{"allocationPolicy":"GeoLatency"}""");
        await client.AskAsync(HttpMethod.Delete, $"/linkedHubs/127.0.0.1?{Version}");

        using var database = new SqliteConnection($"Data Source={Path.Combine(_service.Instance.Folder, "perennial.db")};Mode=ReadOnly;Pooling=false");
        var rows = (await database.QueryAsync<(string Actor, string Action, string Subject, string? Before, string? After)>(
            "SELECT actor, action, subject, before, after FROM audit WHERE action LIKE 'link.%' ORDER BY number")).AsList();
        var owner = rows[^1].Actor;
        Assert.NotEqual(LinkHubs.FileActor, owner);
        Assert.Equal(
            [
                (LinkHubs.FileActor, "link.create", "linked hub '127.0.0.1'"), (LinkHubs.FileActor, "link.create", "allocation of the service"),
                (owner, "link.save", "linked hub '127.0.0.1'"), (owner, "link.save", "linked hub '127.0.0.1'"),
                (owner, "link.save", "allocation of the service"), (owner, "link.delete", "linked hub '127.0.0.1'"),
            ],
            rows.Select(row => (row.Actor, row.Action, row.Subject)));
        Assert.NotEqual(JsonDocument.Parse(rows[2].Before!).RootElement.GetProperty("key").GetString(), JsonDocument.Parse(rows[2].After!).RootElement.GetProperty("key").GetString());
        Assert.Equal(7, JsonDocument.Parse(rows[3].After!).RootElement.GetProperty("allocationWeight").GetInt32());
        Assert.All(rows, row => Assert.DoesNotContain(key, row.Before + row.After, StringComparison.Ordinal));
    }

    private static string? TagOf(JsonElement twin) => twin.GetProperty("tags").GetProperty("site").GetString();

    private ConnectionString Connection()
    {
        var policy = _hub.Instance.Policies.OfHub("far")[0];
        return new ConnectionString
        {
            HostName = $"127.0.0.1:{_hub.Ports.Https}",
            SharedAccessKeyName = policy.Name,
            SharedAccessKey = policy.PrimaryKey,
        };
    }

    private async Task EnrollAsync(string hub)
    {
        using var client = new ServiceClient(_service);
        var document = JsonNode.Parse(ServiceClient.Enrollment("dev-01", _leaf))!;
        document["allocationPolicy"] = "static";
        document["iotHubs"] = new JsonArray(hub);
        document["initialTwin"] = new JsonObject { ["tags"] = new JsonObject { ["site"] = "first" } };
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/enrollments/dev-01?{Version}", document.ToJsonString())).Status);
    }

    private async Task<JsonElement> RegisterAsync()
    {
        using var client = new ServiceClient(_service, _leaf);
        var (status, _, body) = await client.AskAsync(
            HttpMethod.Put, $"/{_service.Instance.Document.IdScope}/registrations/dev-01/register?{Version}", "{}");
        Assert.Equal(202, status);
        return body;
    }

    private async Task<JsonElement> AskHubAsync(HttpMethod method, string path, string? body = null)
    {
        using var http = OutgoingHttp.ToHubs(OutgoingHttp.Trust(_hub.Instance.TrustBundle));
        var (status, answer) = await new RemoteHubClient(http, Connection(), TimeProvider.System).SendAsync(
            method, path, body is null ? null : Encoding.UTF8.GetBytes(body), body is null ? null : "*", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, status);
        return JsonDocument.Parse(answer).RootElement.Clone();
    }
}
