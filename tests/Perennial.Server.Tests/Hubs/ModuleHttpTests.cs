using Perennial.Hub.Access;
using Perennial.Server.Http;

namespace Perennial.Server.Tests.Hubs;

public sealed class ModuleHttpTests : IAsyncLifetime
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
    public async Task A_module_is_shown_with_its_device_and_without_a_status()
    {
        var made = await PutAsync("dev1/modules/new", """{"deviceId":"dev1","moduleId":"new","managedBy":"me","authentication":{"type":"none"}}""");
        Assert.Equal(200, made.Status);
        var shown = (await GetAsync("dev1/modules/new")).Json;
        Assert.Equal(("dev1", "new", "me"), (Text("deviceId"), Text("moduleId"), Text("managedBy")));
        Assert.Equal("sas", shown.GetProperty("authentication").GetProperty("type").GetString());
        Assert.Equal(32, shown.GetProperty("authentication").GetProperty("symmetricKey").GetProperty("primaryKey").GetBytesFromBase64().Length);
        Assert.False(shown.TryGetProperty("status", out _));
        Assert.Equal($"\"{Text("etag")}\"", made.Headers["ETag"]);

        string? Text(string name) => shown.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Creating_updating_and_deleting_follow_if_match()
    {
        Assert.Equal((409, "ModuleAlreadyExistsOnDevice"), Code(await PutAsync("dev1/modules/m", "{}")));
        Assert.Equal((404, "ModuleNotFound"), Code(await PutAsync("dev1/modules/x", "{}", "*")));
        Assert.Equal((404, "DeviceNotFound"), Code(await PutAsync("nobody/modules/x", "{}")));
        Assert.Equal((412, "PreconditionFailed"), Code(await PutAsync("dev1/modules/m", "{}", "stale")));
        Assert.Equal((400, "ArgumentInvalid"), Code(await PutAsync("dev1/modules/m", """{"moduleId":"other"}""", "*")));
        Assert.Equal((400, "ArgumentInvalid"), Code(await PutAsync("dev1/modules/$edgeAgent", "{}")));
        Assert.Equal((412, "PreconditionFailed"), Code(await DeleteAsync("dev1/modules/m", null)));
        Assert.Equal((204, null), Code(await DeleteAsync("dev1/modules/m", "\"*\"")));
        Assert.Equal((404, "ModuleNotFound"), Code(await GetAsync("dev1/modules/m")));
        Assert.Equal((404, "DeviceNotFound"), Code(await GetAsync("nobody/modules/m")));
    }

    [Fact]
    public async Task The_modules_of_a_device_are_listed_and_are_no_devices()
    {
        await PutAsync("dev1/modules/a", "{}");
        var modules = await _http.AskAsync(ModuleEndpoints.ListAsync, HubPermissions.RegistryRead, "/devices/dev1/modules");
        Assert.Equal(["a", "m"], modules.Json.EnumerateArray().Select(module => module.GetProperty("moduleId").GetString()));
        var devices = await _http.AskAsync(RegistryEndpoints.ListAsync, HubPermissions.RegistryRead, "/devices/");
        Assert.Equal(["dev1"], devices.Json.EnumerateArray().Select(device => device.GetProperty("deviceId").GetString()));
        var counts = await _http.AskAsync(RegistryEndpoints.CountAsync, HubPermissions.RegistryRead, "/statistics/devices");
        Assert.Equal(1, counts.Json.GetProperty("totalDeviceCount").GetInt32());
    }

    [Fact]
    public async Task A_device_has_at_most_fifty_modules()
    {
        for (var i = 1; i < 50; i++)
        {
            Assert.Equal(200, (await PutAsync($"dev1/modules/m{i}", "{}")).Status);
        }

        Assert.Equal((413, "TooManyModulesOnDevice"), Code(await PutAsync("dev1/modules/one-more", "{}")));
    }

    [Fact]
    public async Task A_module_has_a_twin_of_its_own()
    {
        var changed = await _http.AskAsync(
            TwinEndpoints.PatchAsync, HubPermissions.ServiceConnect, "/twins/dev1/modules/m", """{"properties":{"desired":{"a":1}}}""");
        Assert.Equal(("dev1", "m"), (changed.Json.GetProperty("deviceId").GetString(), changed.Json.GetProperty("moduleId").GetString()));
        Assert.Equal(2, changed.Json.GetProperty("properties").GetProperty("desired").GetProperty("$version").GetInt32());
        var device = await _http.AskAsync(TwinEndpoints.GetAsync, HubPermissions.ServiceConnect, "/twins/dev1");
        Assert.False(device.Json.TryGetProperty("moduleId", out _));
        Assert.Equal(1, device.Json.GetProperty("properties").GetProperty("desired").GetProperty("$version").GetInt32());
        Assert.Equal((404, "ModuleNotFound"), Code(await _http.AskAsync(TwinEndpoints.GetAsync, HubPermissions.ServiceConnect, "/twins/dev1/modules/x")));
    }

    [Fact]
    public async Task A_bulk_change_may_be_of_a_module()
    {
        var answer = await _http.AskAsync(
            call => BulkEndpoint.RunAsync(call, _hub.Impact),
            HubPermissions.RegistryWrite,
            "/devices",
            """[{"id":"dev1","moduleId":"b","importMode":"create"},{"id":"dev1","moduleId":"m","importMode":"create"},{"id":"dev1","moduleId":"m","importMode":"Delete"}]""");
        Assert.Equal(400, answer.Status);
        var error = Assert.Single(answer.Json.GetProperty("errors").EnumerateArray());
        Assert.Equal(
            ("dev1", "m", "ModuleAlreadyExistsOnDevice"),
            (error.GetProperty("deviceId").GetString(), error.GetProperty("moduleId").GetString(), error.GetProperty("errorCode").GetString()));
        Assert.Equal(200, (await GetAsync("dev1/modules/b")).Status);
        Assert.Equal(404, (await GetAsync("dev1/modules/m")).Status);
    }

    [Fact]
    public async Task Deleting_a_device_deletes_its_modules()
    {
        Assert.Equal((204, null), Code(await DeleteAsync("dev1", "*")));
        await _hub.AddAsync("dev1", _hub.Credential());
        Assert.Equal((404, "ModuleNotFound"), Code(await GetAsync("dev1/modules/m")));
    }

    private static (int Status, string? Error) Code(HubHttp.Answer answer) => (answer.Status, answer.Error);

    private Task<HubHttp.Answer> GetAsync(string path) => _http.AskAsync(ModuleEndpoints.GetAsync, HubPermissions.RegistryRead, $"/devices/{path}");

    private Task<HubHttp.Answer> PutAsync(string path, string body, string? ifMatch = null) =>
        _http.AskAsync(call => ModuleEndpoints.PutAsync(call, _hub.Impact), HubPermissions.RegistryWrite, $"/devices/{path}", body, headers: IfMatch(ifMatch));

    private Task<HubHttp.Answer> DeleteAsync(string path, string? ifMatch) =>
        _http.AskAsync(call => RegistryEndpoints.DeleteAsync(call, _hub.Impact), HubPermissions.RegistryWrite, $"/devices/{path}", headers: IfMatch(ifMatch));

    private static Dictionary<string, string>? IfMatch(string? value) => value is null ? null : new() { ["If-Match"] = value };
}
