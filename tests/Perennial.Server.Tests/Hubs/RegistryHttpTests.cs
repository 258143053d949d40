using Perennial.Hub.Access;
using Perennial.Server.Http;

namespace Perennial.Server.Tests.Hubs;

public sealed class RegistryHttpTests : IAsyncLifetime
{
    private TestHub _hub = null!;
    private HubHttp _http = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.OpenAsync();
        _http = new HubHttp(_hub);
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task An_identity_is_shown_with_nulls_and_its_type_last()
    {
        var shown = await GetAsync("dev1");
        Assert.Equal((200, "application/json; charset=utf-8"), (shown.Status, shown.Headers["Content-Type"]));
        var (json, leaf) = (shown.Json, _hub.Leaf.Certificate.Thumbprint.ToString());
        Assert.Equal($"\"{json.GetProperty("etag").GetString()}\"", shown.Headers["ETag"]);
        Assert.Equal(
            $$"""{"symmetricKey":{"primaryKey":null,"secondaryKey":null},"x509Thumbprint":{"primaryThumbprint":"{{leaf}}","secondaryThumbprint":"{{leaf}}"},"type":"selfSigned"}""",
            json.GetProperty("authentication").GetRawText());
        Assert.Equal("Disconnected", json.GetProperty("connectionState").GetString());
        Assert.Equal("0001-01-01T00:00:00Z", json.GetProperty("lastActivityTime").GetString());
        Assert.Equal("enabled", json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Empty_keys_ask_for_a_pair_as_missing_ones_do()
    {
        var first = await PutAsync("a", """{"deviceId":"a","authentication":{"type":"sas","symmetricKey":{"primaryKey":"","secondaryKey":""}}}""");
        var second = await PutAsync("b", """{"deviceId":"b"}""");
        Assert.All([first, second], answer => Assert.Equal(
            32, answer.Json.GetProperty("authentication").GetProperty("symmetricKey").GetProperty("primaryKey").GetBytesFromBase64().Length));
    }

    [Theory]
    [InlineData("""{"deviceId":"other"}""", "other")]
    [InlineData("""{"authentication":{"type":"none"}}""", "none")]
    [InlineData("""{"authentication":{"x509Thumbprint":{"primaryThumbprint":"AB:CD"},"type":"selfSigned"}}""", "StringIsNotThumbprint")]
    [InlineData("""{"authentication":{"symmetricKey":{"primaryKey":"AAAA","secondaryKey":"AAAA"},"type":"sas"}}""", "16 to 64")]
    public async Task What_breaks_a_rule_is_told_by_400(string body, string detail)
    {
        var answer = await PutAsync("new", body);
        Assert.Equal((400, "ArgumentInvalid"), (answer.Status, answer.Error));
        var message = answer.Json.GetProperty("Message").GetString()!;
        Assert.StartsWith("ErrorCode:ArgumentInvalid;", message, StringComparison.Ordinal);
        Assert.Contains(detail, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Creating_updating_and_deleting_follow_if_match()
    {
        Assert.Equal((409, "DeviceAlreadyExists"), Code(await PutAsync("dev1", "{}")));
        Assert.Equal((404, "DeviceNotFound"), Code(await PutAsync("nobody", "{}", "\"*\"")));
        Assert.Equal((412, "PreconditionFailed"), Code(await PutAsync("dev1", "{}", "stale")));
        Assert.Equal((412, "PreconditionFailed"), Code(await DeleteAsync("dev1", null)));
        Assert.Equal((412, "PreconditionFailed"), Code(await DeleteAsync("dev1", "\"stale\"")));
        Assert.Equal((404, "DeviceNotFound"), Code(await DeleteAsync("nobody", "*")));
        var etag = (await GetAsync("dev1")).Headers["ETag"];
        Assert.Equal(200, (await PutAsync("dev1", """{"status":"disabled","statusReason":"x"}""", etag)).Status);
        Assert.Equal((204, null), Code(await DeleteAsync("dev1", "\"*\"")));
        var gone = await GetAsync("dev1");
        Assert.Equal((404, "DeviceNotFound"), Code(gone));
        Assert.StartsWith("ErrorCode:DeviceNotFound;dev1", gone.Json.GetProperty("Message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_is_an_array_and_counts_are_counts()
    {
        await PutAsync("dev2", """{"status":"disabled"}""");
        var list = await _http.AskAsync(RegistryEndpoints.ListAsync, HubPermissions.RegistryRead, "/devices/");
        Assert.Equal(["dev1", "dev2"], list.Json.EnumerateArray().Select(device => device.GetProperty("deviceId").GetString()));
        var counts = await _http.AskAsync(RegistryEndpoints.CountAsync, HubPermissions.RegistryRead, "/statistics/devices");
        Assert.Equal("""{"totalDeviceCount":2,"enabledDeviceCount":1,"disabledDeviceCount":1}""", counts.Body);
    }

    [Theory]
    [InlineData("registryRead", HubPermissions.RegistryRead, 200)]
    [InlineData("registryRead", HubPermissions.RegistryWrite, 401)]
    [InlineData("registryReadWrite", HubPermissions.ServiceConnect, 401)]
    [InlineData("service", HubPermissions.RegistryRead, 401)]
    [InlineData("device", HubPermissions.RegistryRead, 401)]
    public async Task A_policy_allows_what_it_says(string policy, HubPermissions needed, int status)
    {
        var answer = await _http.AskAsync(RegistryEndpoints.GetAsync, needed, "/devices/dev1", policy: policy);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 401 ? "IotHubUnauthorizedAccess" : null, answer.Error);
    }

    private static (int Status, string? Error) Code(HubHttp.Answer answer) => (answer.Status, answer.Error);

    private Task<HubHttp.Answer> GetAsync(string id) => _http.AskAsync(RegistryEndpoints.GetAsync, HubPermissions.RegistryRead, $"/devices/{id}");

    private Task<HubHttp.Answer> PutAsync(string id, string body, string? ifMatch = null) =>
        _http.AskAsync(call => RegistryEndpoints.PutAsync(call, _hub.Impact), HubPermissions.RegistryWrite, $"/devices/{id}", body, headers: IfMatch(ifMatch));

    private Task<HubHttp.Answer> DeleteAsync(string id, string? ifMatch) =>
        _http.AskAsync(call => RegistryEndpoints.DeleteAsync(call, _hub.Impact), HubPermissions.RegistryWrite, $"/devices/{id}", headers: IfMatch(ifMatch));

    private static Dictionary<string, string>? IfMatch(string? value) => value is null ? null : new() { ["If-Match"] = value };
}
