using System.Text.Json;
using Perennial.Hub.Access;
using Perennial.Server.Http;

namespace Perennial.Server.Tests.Hubs;

public sealed class QueryHttpTests : IAsyncLifetime
{
    private TestHub _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.OpenAsync();
        foreach (var (id, tags) in new[] { ("a", """{"site":"north","t":10}"""), ("b", """{"site":"south","t":30}"""), ("c", """{"site":"north"}""") })
        {
            await _hub.AddAsync(id, _hub.Credential());
            await _hub.Hub.UpdateTwin.MergeAsync(TestHub.Id(id), JsonElement.Parse(tags), null, null, TestContext.Current.CancellationToken);
        }

        await _hub.DisableAsync();
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData("SELECT * FROM devices", "a b c dev1")]
    [InlineData("SELECT * FROM devices WHERE deviceId = 'b'", "b")]
    [InlineData("SELECT * FROM devices WHERE deviceId IN ['c','a','nobody']", "a c")]
    [InlineData("SELECT * FROM devices WHERE tags.site = 'north'", "a c")]
    [InlineData("SELECT * FROM devices WHERE status = 'enabled' AND tags.t > 5", "a b")]
    [InlineData("SELECT * FROM devices WHERE status = 'disabled'", "dev1")]
    [InlineData("SELECT * FROM devices WHERE connectionState = 'Connected'", "")]
    [InlineData("SELECT * FROM devices WHERE IS_DEFINED(tags.t)", "a b")]
    [InlineData("SELECT TOP 2 * FROM devices WHERE capabilities.iotEdge = false", "a b")]
    [InlineData("SELECT * FROM devices WHERE authenticationType = 'selfSigned' AND NOT STARTSWITH(deviceId, 'dev')", "a b c")]
    [InlineData("SELECT * FROM devices WHERE properties.desired.$version = 1 AND version >= 3", "a b c")]
    [InlineData("SELECT * FROM devices.modules", "dev1")]
    public async Task Devices_are_found_by_their_condition(string query, string ids)
    {
        var answer = await AskAsync(query);
        Assert.Equal((200, "Twin", false), (answer.Status, answer.Headers["x-ms-item-type"], answer.Headers.ContainsKey("x-ms-continuation")));
        Assert.Equal(ids, string.Join(' ', answer.Json.EnumerateArray().Select(twin => twin.GetProperty("deviceId").GetString())));
    }

    [Theory]
    [InlineData("SELECT deviceId, tags.t AS t FROM devices WHERE tags.site = 'north'", """[{"deviceId":"a","t":10},{"deviceId":"c"}]""")]
    [InlineData("SELECT COUNT() AS n FROM devices", """[{"n":4}]""")]
    [InlineData("SELECT COUNT() AS n FROM devices WHERE status = 'disabled'", """[{"n":1}]""")]
    [InlineData("SELECT COUNT() AS n FROM devices WHERE tags.site = 'north'", """[{"n":2}]""")]
    [InlineData("SELECT tags.site AS site, COUNT() AS n, AVG(tags.t) AS mean FROM devices WHERE IS_DEFINED(tags.site) GROUP BY tags.site",
        """[{"site":"north","n":2,"mean":10},{"site":"south","n":1,"mean":30}]""")]
    [InlineData("SELECT statusUpdateTime, capabilities, tags FROM devices WHERE deviceId = 'b'",
        """[{"statusUpdateTime":"0001-01-01T00:00:00Z","capabilities":{"iotEdge":false},"tags":{"site":"south","t":30}}]""")]
    public async Task What_is_selected_comes_raw(string query, string body)
    {
        var answer = await AskAsync(query);
        Assert.Equal((200, "Raw", body), (answer.Status, answer.Headers["x-ms-item-type"], answer.Body));
    }

    [Fact]
    public async Task Pages_follow_the_continuation_to_a_last_one_without()
    {
        var first = await AskAsync("SELECT * FROM devices", 3);
        var token = first.Headers["x-ms-continuation"];
        var last = await AskAsync("SELECT * FROM devices", 3, token);
        Assert.Equal((3, 1, false), (first.Json.GetArrayLength(), last.Json.GetArrayLength(), last.Headers.ContainsKey("x-ms-continuation")));
        Assert.False((await AskAsync("SELECT * FROM devices", 4)).Headers.ContainsKey("x-ms-continuation"));
        Assert.Equal((400, "ArgumentInvalid"), Code(await AskAsync("SELECT * FROM devices", 4, "!")));
    }

    [Fact]
    public async Task A_query_that_cannot_be_read_is_told_where_and_what_to_write()
    {
        var answer = await AskAsync("SELECT * FROM devices WHERE deviceId LIKE 'a%'");
        Assert.Equal((400, "ArgumentInvalid"), Code(answer));
        var message = answer.Json.GetProperty("Message").GetString();
        Assert.StartsWith("ErrorCode:ArgumentInvalid;BadRequest", message, StringComparison.Ordinal);
        Assert.Contains("At character 38", message, StringComparison.Ordinal);
        Assert.Contains("STARTSWITH", message, StringComparison.Ordinal);
    }

    private static (int Status, string? Error) Code(HubHttp.Answer answer) => (answer.Status, answer.Error);

    private Task<HubHttp.Answer> AskAsync(string query, int? size = null, string? continuation = null)
    {
        var headers = new Dictionary<string, string>();
        if (size is { } items)
        {
            headers["x-ms-max-item-count"] = $"{items}";
        }

        if (continuation is not null)
        {
            headers["x-ms-continuation"] = continuation;
        }

        return new HubHttp(_hub).AskAsync(
            QueryEndpoint.RunAsync, HubPermissions.ServiceConnect, "/devices/query", JsonSerializer.Serialize(new { query }), headers: headers);
    }
}
