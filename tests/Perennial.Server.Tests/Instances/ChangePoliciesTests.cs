using Perennial.Server.Instances;

namespace Perennial.Server.Tests.Instances;

public sealed class ChangePoliciesTests : IDisposable
{
    private static readonly PolicyScope Hub = new("hub");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-test-");
    private readonly PolicyFile _file;
    private readonly ChangePolicies _change;

    public ChangePoliciesTests()
    {
        ServicePolicies.Complete(Path, ["hub"]);
        _file = new PolicyFile(Path, TimeProvider.System);
        _change = new ChangePolicies(_file);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder.FullName, "service-policies.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Rolling_gives_one_slot_a_new_key_and_swapping_exchanges_them()
    {
        var before = Policy("service");
        await _change.RollKeyAsync(Hub, "service", isPrimary: true, Stop);
        var rolled = Policy("service");
        Assert.NotEqual(before.PrimaryKey, rolled.PrimaryKey);
        Assert.Equal((before.SecondaryKey, before.Rights), (rolled.SecondaryKey, rolled.Rights));
        await _change.SwapKeysAsync(Hub, "service", Stop);
        Assert.Equal((rolled.SecondaryKey, rolled.PrimaryKey), (Policy("service").PrimaryKey, Policy("service").SecondaryKey));
        Assert.Equal(Policy("iothubowner"), ServicePolicies.Read(Path).OwnerOf(Hub));
    }

    [Fact]
    public async Task A_policy_of_ones_own_has_keys_of_its_own_that_outlive_a_change_of_its_rights()
    {
        Assert.True(Assert.IsType<PolicyChange.Saved>(await _change.SaveAsync(Hub, "dash-board", ServiceRights.RegistryRead, Stop)).IsNew);
        var before = Policy("dash-board");
        Assert.False(Assert.IsType<PolicyChange.Saved>(
            await _change.SaveAsync(Hub, "Dash-Board", ServiceRights.RegistryRead | ServiceRights.ServiceConnect, Stop)).IsNew);
        Assert.Equal(before with { Rights = ServiceRights.RegistryRead | ServiceRights.ServiceConnect }, Policy("dash-board"));
        Assert.IsType<PolicyChange.Deleted>(await _change.DeleteAsync(Hub, "dash-board", Stop));
        Assert.IsType<PolicyChange.NotFound>(await _change.DeleteAsync(Hub, "dash-board", Stop));
    }

    [Fact]
    public async Task What_breaks_a_rule_changes_nothing()
    {
        var before = File.ReadAllText(Path);
        Assert.IsType<PolicyChange.Invalid>(await _change.SaveAsync(Hub, "a b", ServiceRights.RegistryRead, Stop));
        Assert.IsType<PolicyChange.Invalid>(await _change.SaveAsync(Hub, "", ServiceRights.RegistryRead, Stop));
        Assert.IsType<PolicyChange.Invalid>(await _change.SaveAsync(Hub, "x", ServiceRights.None, Stop));
        Assert.IsType<PolicyChange.Invalid>(await _change.SaveAsync(Hub, "x", ServiceRights.EnrollmentRead, Stop));
        Assert.IsType<PolicyChange.Invalid>(await _change.SaveAsync(PolicyScope.Provisioning, "x", ServiceRights.RegistryRead, Stop));
        Assert.IsType<PolicyChange.Invalid>(await _change.DeleteAsync(PolicyScope.Provisioning, "provisioningserviceowner", Stop));
        Assert.IsType<PolicyChange.Invalid>(await _change.SaveAsync(Hub, "iothubowner", ServiceRights.RegistryRead, Stop));
        Assert.IsType<PolicyChange.NotFound>(await _change.RollKeyAsync(new PolicyScope("nowhere"), "service", true, Stop));
        Assert.IsType<PolicyChange.NotFound>(await _change.RollKeyAsync(Hub, "nobody", true, Stop));
        Assert.Equal(before, File.ReadAllText(Path));
    }

    [Fact]
    public async Task Changes_at_the_same_time_lose_none_of_each_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => new ChangePolicies(new PolicyFile(Path, TimeProvider.System)).SaveAsync(
            Hub, $"p{i}", ServiceRights.RegistryRead, Stop))));
        Assert.Equal(17, ServicePolicies.Read(Path).OfHub("hub").Count);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task The_file_stays_its_owners_alone()
    {
        await _change.RollKeyAsync(Hub, "service", isPrimary: true, Stop);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("""{"provisioning":[{"name":"a","rights":"ServiceConfig","primaryKey":"short","secondaryKey":"short"}],"hubs":{}}""")]
    public void A_file_that_cannot_be_used_is_told_in_a_sentence(string text)
    {
        File.WriteAllText(Path, text);
        Assert.Contains("service-policies.json cannot be read", Assert.Throws<OperatorException>(() => ServicePolicies.Read(Path)).Message, StringComparison.Ordinal);
    }

    private ServicePolicy Policy(string name) => ChangePolicies.Find(ServicePolicies.Read(Path).OfHub("hub"), name)!;
}
