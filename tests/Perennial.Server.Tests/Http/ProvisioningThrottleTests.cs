using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

public sealed class ProvisioningThrottleTests
{
    [Fact]
    public async Task Registering_polling_and_service_calls_have_rates_of_their_own()
    {
        await using var instance = await ServedInstance.Open(
            TimeProvider.System,
            limits: """{"provisioning":{"registrations":"1/h","polls":"2/h","serviceOperations":"3/h"}}""").StartAsync();
        var leaf = TestAuthority.CreateSelfSignedLeaf("dev1");
        using var device = new ServiceClient(instance, leaf);
        using var service = new ServiceClient(instance);
        var path = $"/{instance.Instance.Document.IdScope}/registrations/dev1";

        Assert.Equal((401, 429), (await RegisterAsync(), await RegisterAsync()));
        Assert.Equal((404, 404, 429), (await PollAsync(), await PollAsync(), await PollAsync()));
        Assert.Equal((404, 404, 404), (await CallAsync(), await CallAsync(), await CallAsync()));
        var (status, headers, body) = await service.AskAsync(HttpMethod.Get, "/enrollments/nobody?api-version=1");
        Assert.Equal((429, 429001), (status, body.GetProperty("errorCode").GetInt32()));
        Assert.InRange(headers.RetryAfter!.Delta!.Value.TotalSeconds, 1100, 1200);

        async Task<int> RegisterAsync() => (await device.AskAsync(HttpMethod.Put, $"{path}/register?api-version=1", """{"registrationId":"dev1"}""")).Status;
        async Task<int> PollAsync() => (await device.AskAsync(HttpMethod.Get, $"{path}/operations/none?api-version=1")).Status;
        async Task<int> CallAsync() => (await service.AskAsync(HttpMethod.Get, "/enrollments/nobody?api-version=1")).Status;
    }

    [Fact]
    public async Task A_device_is_told_to_wait_as_long_as_clients_wait()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System, limits: """{"provisioning":{"registrations":"1/h"}}""").StartAsync();
        using var device = new ServiceClient(instance, TestAuthority.CreateSelfSignedLeaf("dev1"));
        var path = $"/{instance.Instance.Document.IdScope}/registrations/dev1/register?api-version=1";
        await device.AskAsync(HttpMethod.Put, path, "{}");
        var (status, headers, _) = await device.AskAsync(HttpMethod.Put, path, "{}");
        Assert.Equal((429, TimeSpan.FromSeconds(30)), (status, headers.RetryAfter!.Delta));
    }
}
