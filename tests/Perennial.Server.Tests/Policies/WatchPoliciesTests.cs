using Perennial.Server.Instances;
using Perennial.Server.Policies;
using Perennial.Server.Tests.Instances;

namespace Perennial.Server.Tests.Policies;

public sealed class WatchPoliciesTests
{
    [Fact]
    public async Task A_file_that_can_be_used_takes_effect_and_one_that_cannot_changes_nothing()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).ComposeAsync();
        var (watch, hub) = (instance.Parts.Background.OfType<WatchPolicies>().Single(), instance.Parts.Hubs.All[0]);
        var path = Path.Combine(instance.Instance.Folder, "service-policies.json");
        var scope = new PolicyScope(hub.Name);
        var old = hub.Policies.Find("service")!;

        await File.WriteAllTextAsync(path, "{", TestContext.Current.CancellationToken);
        await watch.LookAsync();
        Assert.Same(old, hub.Policies.Find("service"));

        instance.Instance.Policies.Write(path);
        await new ChangePolicies(instance.Instance.PolicyFile(TimeProvider.System)).RollKeyAsync(
            scope, "service", isPrimary: true, TestContext.Current.CancellationToken);
        await watch.LookAsync();
        Assert.False(old.PrimaryKey.Span.SequenceEqual(hub.Policies.Find("service")!.PrimaryKey.Span));
        Assert.True(old.SecondaryKey.Span.SequenceEqual(hub.Policies.Find("service")!.SecondaryKey.Span));
    }
}
