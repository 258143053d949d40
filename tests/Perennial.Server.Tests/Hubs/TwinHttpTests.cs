using System.Globalization;
using Perennial.Hub.Access;
using Perennial.Server.Http;

namespace Perennial.Server.Tests.Hubs;

public sealed class TwinHttpTests : IAsyncLifetime
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
    public async Task A_new_twin_has_the_first_versions()
    {
        var twin = (await GetAsync()).Json;
        Assert.Equal(2, twin.GetProperty("version").GetInt64());
        Assert.Equal("AAAAAAAAAAE=", twin.GetProperty("etag").GetString());
        Assert.Equal(1, twin.GetProperty("properties").GetProperty("desired").GetProperty("$version").GetInt64());
        Assert.Equal("selfSigned", twin.GetProperty("authenticationType").GetString());
        Assert.True(twin.GetProperty("properties").GetProperty("reported").GetProperty("$metadata").TryGetProperty("$lastUpdated", out _));
    }

    [Fact]
    public async Task A_patch_merges_tags_and_desired_properties()
    {
        await PatchAsync("""{"tags":{"site":{"room":1}},"properties":{"desired":{"a":1,"b":2}}}""");
        var twin = (await PatchAsync("""{"tags":{"site":{"room":null,"floor":2}},"properties":{"desired":{"b":null}}}""")).Json;
        Assert.Equal("""{"site":{"floor":2}}""", twin.GetProperty("tags").GetRawText());
        var desired = twin.GetProperty("properties").GetProperty("desired");
        Assert.Equal((1, 3), (desired.GetProperty("a").GetInt32(), desired.GetProperty("$version").GetInt32()));
        Assert.False(desired.TryGetProperty("b", out _));
    }

    [Fact]
    public async Task What_was_read_can_be_written_back()
    {
        await PatchAsync("""{"properties":{"desired":{"a":1}}}""");
        var read = await GetAsync();
        var written = await _http.AskAsync(
            TwinEndpoints.PutAsync, HubPermissions.ServiceConnect, "/twins/dev1", read.Body, headers: new Dictionary<string, string> { ["If-Match"] = read.Headers["ETag"] });
        Assert.Equal(200, written.Status);
        Assert.Equal(1, written.Json.GetProperty("properties").GetProperty("desired").GetProperty("a").GetInt32());
    }

    [Fact]
    public async Task A_stale_etag_a_bad_name_and_an_unknown_device_are_told()
    {
        Assert.Equal((412, "PreconditionFailed"), Code(await PatchAsync("""{"tags":{}}""", "\"stale\"")));
        Assert.Equal(200, (await PatchAsync("""{"tags":{}}""", "\"*\"")).Status);
        Assert.Equal((400, "ArgumentInvalid"), Code(await PatchAsync("""{"tags":{"a.b":1}}""")));
        Assert.Equal((400, "IotHubFormatError"), Code(await PatchAsync("""{"tags":""")));
        Assert.Equal((404, "DeviceNotFound"), Code(await _http.AskAsync(TwinEndpoints.GetAsync, HubPermissions.ServiceConnect, "/twins/nobody")));
    }

    [Fact]
    public async Task A_query_comes_in_pages_and_the_last_has_no_continuation()
    {
        foreach (var id in new[] { "dev2", "dev3", "dev4", "dev5" })
        {
            await _hub.AddAsync(id, null);
        }

        var ids = new List<string?>();
        string? continuation = null;
        do
        {
            var page = await QueryAsync("SELECT * FROM devices", 2, continuation);
            Assert.Equal((200, "Twin"), (page.Status, page.Headers["x-ms-item-type"]));
            ids.AddRange(page.Json.EnumerateArray().Select(twin => twin.GetProperty("deviceId").GetString()));
            continuation = page.Headers.GetValueOrDefault("x-ms-continuation");
        }
        while (continuation is not null);
        Assert.Equal(["dev1", "dev2", "dev3", "dev4", "dev5"], ids);
    }

    [Fact]
    public async Task A_query_by_id_finds_one_and_another_query_is_refused()
    {
        var one = await QueryAsync("select * from devices where deviceId = 'dev1'", 10, null);
        Assert.Equal("dev1", Assert.Single(one.Json.EnumerateArray().ToList()).GetProperty("deviceId").GetString());
        Assert.Equal((400, "ArgumentInvalid"), Code(await QueryAsync("SELECT tags", 10, null)));
        Assert.Equal((400, "ArgumentInvalid"), Code(await QueryAsync("SELECT * FROM devices", 10, "?!")));
    }

    private static (int Status, string? Error) Code(HubHttp.Answer answer) => (answer.Status, answer.Error);

    private Task<HubHttp.Answer> GetAsync() => _http.AskAsync(TwinEndpoints.GetAsync, HubPermissions.ServiceConnect, "/twins/dev1");

    private Task<HubHttp.Answer> PatchAsync(string body, string? ifMatch = null) => _http.AskAsync(
        TwinEndpoints.PatchAsync,
        HubPermissions.ServiceConnect,
        "/twins/dev1",
        body,
        headers: ifMatch is null ? null : new Dictionary<string, string> { ["If-Match"] = ifMatch });

    private Task<HubHttp.Answer> QueryAsync(string query, int size, string? continuation)
    {
        var headers = new Dictionary<string, string> { ["x-ms-max-item-count"] = size.ToString(CultureInfo.InvariantCulture) };
        if (continuation is not null)
        {
            headers["x-ms-continuation"] = continuation;
        }

        return _http.AskAsync(QueryEndpoint.RunAsync, HubPermissions.ServiceConnect, "/devices/query", $$"""{"query":"{{query}}"}""", headers: headers);
    }
}
