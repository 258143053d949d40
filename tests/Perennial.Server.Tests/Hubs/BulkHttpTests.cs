using Perennial.Hub.Access;
using Perennial.Server.Http;

namespace Perennial.Server.Tests.Hubs;

public sealed class BulkHttpTests : IAsyncLifetime
{
    private TestHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await TestHub.OpenAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Devices_are_created_changed_and_deleted_in_one_request()
    {
        var answer = await AskAsync(
            """
            [{"id":"a","importMode":"create","authentication":{"type":"sas","symmetricKey":{"primaryKey":"","secondaryKey":""}},"tags":{"site":1}},
             {"id":"b","importMode":"Create","status":"disabled"},
             {"id":"a","importMode":"UpdateTwin","properties":{"desired":{"x":1}}},
             {"id":"dev1","importMode":"Delete"}]
            """);
        Assert.Equal((200, """{"isSuccessful":true,"errors":[],"warnings":[]}"""), (answer.Status, answer.Body));
        var devices = await _hub.Hub.Devices.ListAsync(null, 10, TestContext.Current.CancellationToken);
        Assert.Equal([("a", true), ("b", false)], devices.Select(device => (device.Id.Value, device.IsEnabled)));
        var twin = await _hub.Hub.Twins.FindAsync(TestHub.Id("a"), TestContext.Current.CancellationToken);
        Assert.Equal(("""{"site":1}""", """{"x":1}"""), (twin!.Tags.GetRawText(), twin.Desired.Values.GetRawText()));
    }

    [Fact]
    public async Task A_preview_as_a_table_keeps_every_legal_id_in_its_field_and_makes_a_formula_of_none()
    {
        var answer = await AskAsync(
            """[{"id":"=1+1","importMode":"create"},{"id":"-x","importMode":"create"},{"id":"@a,b;c","importMode":"create"},{"id":"a,b","importMode":"create"},{"id":"a-1","importMode":"create"}]""",
            "?dryRun=true&format=csv");
        Assert.Equal(
            (200, "registrationId,outcome,untilUtc,refusal\r\n\"'=1+1\",unknown,,\r\n\"'-x\",unknown,,\r\n\"'@a,b;c\",unknown,,\r\n\"a,b\",unknown,,\r\na-1,unknown,,\r\n"),
            (answer.Status, answer.Body));
    }

    [Fact]
    public async Task What_fails_is_named_and_stops_nothing_else()
    {
        var answer = await AskAsync(
            """
            [{"id":"dev1","importMode":"create"},{"id":"nobody","importMode":"update"},{"id":"dev1","importMode":"updateIfMatchETag","eTag":"stale"},
             {"id":"a b","importMode":"create"},{"id":"c","importMode":"paint"},{"id":"d","importMode":"create"}]
            """);
        Assert.Equal(400, answer.Status);
        Assert.Equal(
            ["DeviceAlreadyExists", "DeviceNotFound", "PreconditionFailed", "ArgumentInvalid", "ArgumentInvalid"],
            answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("errorCode").GetString()));
        Assert.NotNull(await _hub.Hub.Devices.FindAsync(TestHub.Id("d"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_new_device_whose_twin_breaks_a_rule_is_made_and_warned_of()
    {
        var answer = await AskAsync("""[{"id":"a","importMode":"create","tags":{"a b":1}}]""");
        Assert.Equal((200, true), (answer.Status, answer.Json.GetProperty("isSuccessful").GetBoolean()));
        var warning = Assert.Single(answer.Json.GetProperty("warnings").EnumerateArray());
        Assert.Equal(("a", "DeviceRegisteredWithoutTwin"), (warning.GetProperty("deviceId").GetString(), warning.GetProperty("warningCode").GetString()));
        Assert.NotNull(await _hub.Hub.Devices.FindAsync(TestHub.Id("a"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task More_than_a_hundred_are_refused()
    {
        var answer = await AskAsync($"[{string.Join(',', Enumerable.Repeat("""{"id":"x","importMode":"create"}""", 101))}]");
        Assert.Equal((413, "TooManyDevices"), (answer.Status, answer.Error));
    }

    private Task<HubHttp.Answer> AskAsync(string body, string query = "") =>
        new HubHttp(_hub).AskAsync(call => BulkEndpoint.RunAsync(call, _hub.Impact), HubPermissions.RegistryWrite, "/devices", body, query: query);
}
