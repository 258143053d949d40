using System.Text.Json;
using Perennial.Protocol.Sas;
using Perennial.Server.Instances;
using Perennial.Server.Tests.Instances;

namespace Perennial.Server.Tests.Http;

public sealed class PolicyApiTests : IAsyncLifetime
{
    private ServedInstance _instance = null!;
    private ServiceClient _owner = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        _owner = new ServiceClient(_instance);
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _instance.DisposeAsync();
    }

    [Fact]
    public async Task A_policy_is_made_rolled_and_deleted_and_each_takes_effect_at_once()
    {
        var (made, _, policy) = await _owner.AskAsync(HttpMethod.Put, "/policies/reader?api-version=1", """{"rights":["EnrollmentRead"]}""");
        Assert.Equal(201, made);
        var (primary, secondary) = (Key(policy, "primaryKey"), Key(policy, "secondaryKey"));
        Assert.Equal((404, 404, 401), (await TryReadAsync("reader", primary), await TryReadAsync("reader", secondary), await TryWriteAsync("reader", primary)));

        var (_, _, rolled) = await _owner.AskAsync(HttpMethod.Post, "/policies/reader/roll?api-version=1&slot=primary");
        Assert.Equal(
            (401, 404, 404),
            (await TryReadAsync("reader", primary), await TryReadAsync("reader", secondary), await TryReadAsync("reader", Key(rolled, "primaryKey"))));

        Assert.Equal(204, (await _owner.AskAsync(HttpMethod.Delete, "/policies/reader?api-version=1")).Status);
        Assert.Equal(401, await TryReadAsync("reader", secondary));
        Assert.Equal(404, (await _owner.AskAsync(HttpMethod.Get, "/policies/reader?api-version=1")).Status);
        Assert.Equal(400, (await _owner.AskAsync(HttpMethod.Delete, "/policies/provisioningserviceowner?api-version=1")).Status);
    }

    [Fact]
    public async Task Keys_are_shown_to_who_asks_for_them()
    {
        var (_, _, list) = await _owner.AskAsync(HttpMethod.Get, "/policies?api-version=1");
        Assert.False(list[0].TryGetProperty("primaryKey", out _));
        var (_, _, shown) = await _owner.AskAsync(HttpMethod.Get, "/policies/provisioningserviceowner?api-version=1&keys=true");
        Assert.Equal(_instance.Instance.Policies.Provisioning[0].PrimaryKey, Key(shown, "primaryKey"));
    }

    [Fact]
    public async Task A_change_of_the_file_is_taken_up()
    {
        var file = _instance.Instance.PolicyFile(TimeProvider.System);
        var before = _instance.Instance.Policies.Provisioning[0];
        await new ChangePolicies(file).RollKeyAsync(PolicyScope.Provisioning, before.Name, isPrimary: false, Stop);
        while (await TryReadAsync(before.Name, before.SecondaryKey) != 401)
        {
            await Task.Yield();
        }
    }

    private static string Key(JsonElement policy, string name) => policy.GetProperty(name).GetString()!;

    private Task<int> TryReadAsync(string policy, string key) => AskAsync(policy, key, HttpMethod.Get);

    private Task<int> TryWriteAsync(string policy, string key) => AskAsync(policy, key, HttpMethod.Delete);

    private async Task<int> AskAsync(string policy, string key, HttpMethod method)
    {
        using var client = new ServiceClient(
            _instance, token: SharedAccessSignature.Create("localhost", Convert.FromBase64String(key), DateTimeOffset.MaxValue, policy));
        return (await client.AskAsync(method, "/enrollments/nobody?api-version=1")).Status;
    }
}
