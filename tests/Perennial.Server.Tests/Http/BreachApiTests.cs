using System.Text.Json;
using MQTTnet.Protocol;
using Perennial.Server.Tests.Instances;
using Perennial.Server.Tests.Outages;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

/// <summary>The steps out of a breach by the service API, with devices that are really connected.</summary>
public sealed class BreachApiTests : IAsyncDisposable
{
    private const string Version = "api-version=2021-10-01";

    private static readonly TimeSpan DropLimit = TimeSpan.FromSeconds(2);

    private readonly ServedInstance _instance = ServedInstance.Open(TimeProvider.System);
    private readonly TestAuthority _root = TestAuthority.CreateRoot("Root");
    private readonly TestAuthority _stolen;
    private readonly TestAuthority _next;

    public BreachApiTests()
    {
        _stolen = _root.CreateIntermediate("Stolen");
        _next = _root.CreateIntermediate("Next");
    }

    private DeviceEndpoint Endpoint => DeviceEndpoint.Of(_instance.Instance);

    public async ValueTask DisposeAsync()
    {
        await _instance.DisposeAsync();
        _root.Dispose();
        _stolen.Dispose();
        _next.Dispose();
    }

    [Fact]
    public async Task The_intermediate_of_a_group_is_blocked_rolled_taken_out_and_closed()
    {
        using var client = await StartAsync();
        using var old = _stolen.IssueLeaf("dev-1");
        await using var device = await PublishingDevice.ConnectAsync(Endpoint, "dev-1", old);
        await device.WaitForAsync(1);
        var breach = await OpenAsync(client, """{"procedure":"intermediate","enrollmentGroupId":"LINE","reason":"stolen"}""");
        var path = $"/breaches/{breach.GetProperty("id").GetString()}";
        Assert.Equal(_stolen.Certificate.Thumbprint.ToString(), breach.GetProperty("compromised").GetString());
        Assert.Equal(("line", "primary", 1, false), (Text(breach, "enrollmentGroupId"), Text(breach, "oldSlot"), breach.GetProperty("users").GetInt32(), breach.TryGetProperty("block", out _)));
        Assert.Equal(1, (await DoneAsync(client, $"{path}/block?dryRun=true")).GetProperty("devices").GetProperty("losesAtOnce").GetInt32());
        await device.WaitForAsync(1);

        breach = await DoneAsync(client, $"{path}/block");
        Assert.Equal("cut", Text(breach.GetProperty("block"), "mode"));
        await device.WaitForEndAsync(DropLimit);
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(Endpoint, "dev-1", old));
        Assert.Contains("Bring the new one first", await RefusedAsync(client, $"{path}/roll"), StringComparison.Ordinal);
        Assert.Contains("is the only one of the enrollment group 'line'", await RefusedAsync(client, $"{path}/takeOut?dryRun=true"), StringComparison.Ordinal);
        Assert.Contains("is the only one of the enrollment group 'line'", await RefusedAsync(client, $"{path}/takeOut"), StringComparison.Ordinal);

        await SaveAsync(client, _stolen, _next);
        breach = await DoneAsync(client, $"{path}/roll", """{"plan":{"waveSize":7}}""");
        Assert.Equal("true true false false", Steps(breach));
        var roll = (await client.AskAsync(HttpMethod.Get, $"/rolls/{Text(breach, "roll")}?{Version}")).Body;
        Assert.Equal(("breach", "draft"), (Text(roll, "reason"), Text(roll, "state")));
        await (await PublishingDevice.ConnectAsync(Endpoint, "dev-1", _next.IssueLeaf("dev-1"))).DisposeAsync();
        Assert.Equal("true true true false", Steps((await client.AskAsync(HttpMethod.Get, $"{path}?{Version}")).Body));
        Assert.Equal(0, (await DoneAsync(client, $"{path}/takeOut?dryRun=true")).GetProperty("losing").GetInt32());
        Assert.Equal("true true true true", Steps(await DoneAsync(client, $"{path}/takeOut")));
        Assert.Contains("does not hold the compromised certificate", await RefusedAsync(client, $"{path}/takeOut"), StringComparison.Ordinal);

        Assert.True((await DoneAsync(client, $"{path}/close")).TryGetProperty("closedUtc", out _));
        foreach (var step in new[] { "block", "roll", "takeOut", "close" })
        {
            Assert.Contains("is closed already", await RefusedAsync(client, $"{path}/{step}"), StringComparison.Ordinal);
        }

        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(Endpoint, "dev-1", old));
    }

    [Fact]
    public async Task The_leaf_of_a_device_of_a_group_is_drained_and_never_stood_in_the_enrollment()
    {
        using var client = await StartAsync();
        using var old = _stolen.IssueLeaf("dev-1");
        await (await PublishingDevice.ConnectAsync(Endpoint, "dev-1", old)).DisposeAsync();
        var breach = await OpenAsync(client, """{"procedure":"groupLeaf","registrationId":"dev-1","reason":"stolen"}""");
        var path = $"/breaches/{Text(breach, "id")}";
        Assert.Equal((old.Certificate.Thumbprint.ToString(), "dev-1", "line"), (Text(breach, "compromised"), Text(breach, "registrationId"), Text(breach, "enrollmentGroupId")));
        Assert.Equal(1, (await DoneAsync(client, $"{path}/block?dryRun=true", """{"mode":"drain"}""")).GetProperty("devices").GetProperty("drains").GetInt32());
        var block = (await DoneAsync(client, $"{path}/block", """{"mode":"drain","ratePerMinute":7,"first":["dev-1"]}""")).GetProperty("block");
        Assert.Equal(("drain", 7, "dev-1", "stolen"), (Text(block, "mode"), block.GetProperty("ratePerMinute").GetInt32(), block.GetProperty("first")[0].GetString(), Text(block, "reason")));
        Assert.Contains("does not hold the compromised certificate", await RefusedAsync(client, $"{path}/takeOut"), StringComparison.Ordinal);

        await (await PublishingDevice.ConnectAsync(Endpoint, "dev-1", _stolen.IssueLeaf("dev-1"))).DisposeAsync();
        var steps = (await client.AskAsync(HttpMethod.Get, $"{path}?{Version}")).Body.GetProperty("steps");
        Assert.False(steps.TryGetProperty("takeOut", out _));
        Assert.Equal([true, true, true], steps.EnumerateObject().Select(step => step.Value.GetBoolean()));
    }

    [Fact]
    public async Task The_leaf_of_an_individual_enrollment_is_rolled_and_breaches_are_listed_those_that_are_open_first()
    {
        using var client = await StartAsync();
        using var old = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        using var next = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        await SaveAsync(client, "lamp-1", old, next);
        await (await PublishingDevice.ConnectAsync(Endpoint, "lamp-1", next)).DisposeAsync();
        var ofGroup = Text(await OpenAsync(client, """{"procedure":"intermediate","enrollmentGroupId":"line","reason":"lost"}"""), "id");
        var ofDevice = Text(await OpenAsync(client, """{"procedure":"individualLeaf","registrationId":"lamp-1","slot":"secondary","reason":"stolen"}"""), "id");
        await DoneAsync(client, $"/breaches/{ofDevice}/block");
        var breach = await DoneAsync(client, $"/breaches/{ofDevice}/roll");
        Assert.Equal(("true true false false", "secondary"), (Steps(breach), Text(breach, "oldSlot")));
        await (await PublishingDevice.ConnectAsync(Endpoint, "lamp-1", old)).DisposeAsync();
        Assert.Equal("true true true true", Steps(await DoneAsync(client, $"/breaches/{ofDevice}/takeOut")));
        await DoneAsync(client, $"/breaches/{ofDevice}/close");

        var (_, headers, first) = await client.AskAsync(HttpMethod.Get, $"/breaches?{Version}", null, ("x-ms-max-item-count", "1"));
        var (_, _, second) = await client.AskAsync(
            HttpMethod.Get, $"/breaches?{Version}", null, ("x-ms-max-item-count", "1"), ("x-ms-continuation", headers.GetValues("x-ms-continuation").Single()));
        Assert.Equal([ofGroup, ofDevice], first.EnumerateArray().Concat(second.EnumerateArray()).Select(breach => Text(breach, "id")));
        Assert.False(first[0].TryGetProperty("steps", out _));
    }

    [Fact]
    public async Task What_is_no_breach_is_refused_with_what_it_could_be()
    {
        using var client = await StartAsync();
        foreach (var (body, why) in new[]
        {
            ("""{"procedure":"leaf","registrationId":"dev-1","reason":"x"}""", "'leaf' is no procedure: individualLeaf, groupLeaf, intermediate or root."),
            ("""{"procedure":"root","registrationId":"dev-1","reason":"x"}""", "name it in enrollmentGroupId"),
            ("""{"procedure":"groupLeaf","enrollmentGroupId":"line","reason":"x"}""", "name it in registrationId"),
            ("""{"procedure":"root","enrollmentGroupId":"line","slot":"third","reason":"x"}""", "'third' is no slot"),
            ("""{"procedure":"root","enrollmentGroupId":"line","reason":"x"}""", "Take the procedure for an intermediate."),
            ("""{"procedure":"intermediate","enrollmentGroupId":"row","reason":"x"}""", "There is no enrollment group 'row'."),
            ("""{"procedure":"intermediate","enrollmentGroupId":"line","reason":" "}""", "what happened"),
        })
        {
            Assert.Contains(why, await RefusedAsync(client, "/breaches", body), StringComparison.Ordinal);
        }

        var id = Text(await OpenAsync(client, """{"procedure":"intermediate","enrollmentGroupId":"line","reason":"x"}"""), "id");
        Assert.Contains("are for the mode drain", await RefusedAsync(client, $"/breaches/{id}/block", """{"ratePerMinute":3}"""), StringComparison.Ordinal);
        Assert.Contains("ratePerMinute is 1 to", await RefusedAsync(client, $"/breaches/{id}/block?dryRun=true", """{"mode":"drain","ratePerMinute":0}"""), StringComparison.Ordinal);
        Assert.Equal(404, (await client.AskAsync(HttpMethod.Get, $"/breaches/nothing?{Version}")).Status);
        Assert.Equal(404, (await client.AskAsync(HttpMethod.Post, $"/breaches/nothing/close?{Version}")).Status);
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Get, $"/breaches?{Version}", null, ("x-ms-continuation", "AAAA"))).Status);
    }

    private async Task<ServiceClient> StartAsync()
    {
        await _instance.StartAsync();
        var client = new ServiceClient(_instance);
        await SaveAsync(client, _stolen, secondary: null);
        return client;
    }

    private static Task SaveAsync(ServiceClient client, TestAuthority primary, TestAuthority? secondary) => SaveAsync(client, "/enrollmentGroups/line", new
    {
        enrollmentGroupId = "line",
        attestation = new { type = "x509", x509 = new { signingCertificates = Slots(primary.Own, secondary?.Own) } },
    });

    private static Task SaveAsync(ServiceClient client, string id, TestCertificate primary, TestCertificate secondary) => SaveAsync(client, $"/enrollments/{id}", new
    {
        registrationId = id,
        attestation = new { type = "x509", x509 = new { clientCertificates = Slots(primary, secondary) } },
    });

    private static async Task SaveAsync(ServiceClient client, string path, object body)
    {
        var (status, _, saved) = await client.AskAsync(HttpMethod.Put, $"{path}?{Version}", JsonSerializer.Serialize(body));
        Assert.True(status == 200, saved.GetRawText());
    }

    private static object Slots(TestCertificate primary, TestCertificate? secondary) => new
    {
        primary = new { certificate = primary.CertificatePem },
        secondary = secondary is null ? null : new { certificate = secondary.CertificatePem },
    };

    private static Task<JsonElement> OpenAsync(ServiceClient client, string body) => DoneAsync(client, "/breaches", body);

    private static async Task<JsonElement> DoneAsync(ServiceClient client, string path, string? body = null)
    {
        var (status, _, answer) = await AskAsync(client, path, body);
        Assert.True(status == 200, answer.GetRawText());
        return answer;
    }

    private static async Task<string> RefusedAsync(ServiceClient client, string path, string? body = null)
    {
        var (status, _, answer) = await AskAsync(client, path, body);
        Assert.True(status == 400, answer.GetRawText());
        return Text(answer, "message");
    }

    private static Task<(int Status, System.Net.Http.Headers.HttpResponseHeaders Headers, JsonElement Body)> AskAsync(ServiceClient client, string path, string? body) =>
        client.AskAsync(HttpMethod.Post, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Version}", body);

    private static string Steps(JsonElement breach) =>
        string.Join(' ', new[] { "block", "stage", "move", "takeOut" }.Select(step => breach.GetProperty("steps").GetProperty(step).GetRawText()));

    private static string Text(JsonElement document, string member) => document.GetProperty(member).GetString()!;
}
