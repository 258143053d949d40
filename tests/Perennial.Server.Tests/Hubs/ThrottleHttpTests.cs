using Perennial.Hub.Access;
using Perennial.Server.Http;
using Perennial.Server.Limits;

namespace Perennial.Server.Tests.Hubs;

public sealed class ThrottleHttpTests
{
    [Fact]
    public async Task Beyond_the_rate_a_request_is_told_when_to_come_again()
    {
        await using var hub = await TestHub.OpenAsync(new HubLimits { Registry = RateLimit.Of(2, TimeSpan.FromMinutes(1)) });
        var http = new HubHttp(hub);
        Assert.Equal((200, 200, 429), (await StatusAsync(), await StatusAsync(), await StatusAsync()));
        var answer = await AskAsync();
        Assert.Equal((429, "ThrottlingException", "30"), (answer.Status, answer.Error, answer.Headers["Retry-After"]));
        hub.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((200, 429), (await StatusAsync(), await StatusAsync()));

        async Task<int> StatusAsync() => (await AskAsync()).Status;

        Task<HubHttp.Answer> AskAsync() => http.AskAsync(
            RegistryEndpoints.GetAsync, HubPermissions.RegistryRead, "/devices/dev1", limit: HubOperation.Registry);
    }

    [Fact]
    public async Task One_operation_takes_nothing_from_another()
    {
        await using var hub = await TestHub.OpenAsync(new HubLimits { Telemetry = RateLimit.Of(1, TimeSpan.FromMinutes(1)) });
        var http = new HubHttp(hub);
        Assert.Equal(204, (await http.SendAsync("dev1", hub.Leaf, [])).Status);
        Assert.Equal(429, (await http.SendAsync("dev1", hub.Leaf, [])).Status);
        Assert.Equal(200, (await http.AskAsync(
            RegistryEndpoints.GetAsync, HubPermissions.RegistryRead, "/devices/dev1", limit: HubOperation.Registry)).Status);
    }
}
