using Perennial.Hub.Access;
using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Hub.Tests.Fakes;

namespace Perennial.Hub.Tests.Sessions;

public sealed class PolicyRollTests
{
    private readonly World _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_removed_key_drops_what_it_let_in_and_nothing_else()
    {
        var policy = _world.Policies.Find("device")!;
        var keyed = (DeviceCredential.SymmetricKeys)(await _world.AddAsync("own")).Credential;
        await _world.AddAsync("first");
        await _world.AddAsync("second");
        var first = await _world.ConnectAsync("first", _world.Token(policy.PrimaryKey, "device"));
        var second = await _world.ConnectAsync("second", _world.Token(policy.SecondaryKey, "device"));
        var own = await _world.ConnectAsync("own", _world.Token(keyed.Primary));

        Replace(new AccessPolicy("device", new byte[32], policy.SecondaryKey, policy.Permissions));
        await _world.Reconsider.PoliciesAsync(Stop);

        Assert.Equal([CloseReason.TrustWithdrawn], first.Closed);
        Assert.Empty(second.Closed);
        Assert.Empty(own.Closed);
        Assert.Equal(SasRefusals.WrongSignature, await _world.RefusalAsync("first", _world.Token(policy.PrimaryKey, "device")));
        Assert.Null(await _world.RefusalAsync("second", _world.Token(policy.SecondaryKey, "device")));
    }

    [Fact]
    public async Task A_policy_that_lost_the_right_or_is_gone_drops_what_it_let_in()
    {
        var policy = _world.Policies.Find("device")!;
        await _world.AddAsync("a");
        var live = await _world.ConnectAsync("a", _world.Token(policy.PrimaryKey, "device"));
        Replace(new AccessPolicy("device", policy.PrimaryKey, policy.SecondaryKey, HubPermissions.RegistryRead));
        await _world.Reconsider.PoliciesAsync(Stop);
        Assert.Equal([CloseReason.TrustWithdrawn], live.Closed);
        _world.Policies.Replace([]);
        Assert.Equal(SasRefusals.UnknownPolicy, await _world.RefusalAsync("a", _world.Token(policy.PrimaryKey, "device")));
    }

    [Fact]
    public void Whoever_listens_is_told_of_a_replacement()
    {
        var told = 0;
        _world.Policies.Replaced += () => told++;
        _world.Policies.Replace([]);
        Assert.Equal(1, told);
    }

    private void Replace(AccessPolicy policy) =>
        _world.Policies.Replace([.. _world.Policies.All.Select(stored => stored.Name == policy.Name ? policy : stored)]);
}
