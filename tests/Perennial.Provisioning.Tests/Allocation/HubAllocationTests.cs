using Perennial.Provisioning.Tests.Fakes;
using Perennial.TestCertificates;

namespace Perennial.Provisioning.Tests.Allocation;

public sealed class HubAllocationTests
{
    private static readonly TestAuthority Root = TestAuthority.CreateRoot();

    [Fact]
    public async Task Hashing_shares_devices_by_weight_and_sends_each_to_the_same_hub_again()
    {
        var hubs = new[] { new MemoryHub("a.example", weight: 1), new MemoryHub("b.example", weight: 3) };
        var first = await FleetAsync(hubs, 200);
        var again = await FleetAsync([new MemoryHub("a.example", weight: 1), new MemoryHub("b.example", weight: 3)], 200);
        Assert.Equal(first, again);
        Assert.InRange(first.Count(hub => hub == "b.example"), 120, 180);
    }

    [Fact]
    public async Task A_hub_that_joins_takes_devices_and_moves_none_between_the_others()
    {
        var two = await FleetAsync([new MemoryHub("a.example"), new MemoryHub("b.example")], 150);
        var three = await FleetAsync([new MemoryHub("a.example"), new MemoryHub("b.example"), new MemoryHub("c.example")], 150);
        Assert.All(two.Zip(three), pair => Assert.True(pair.Second == "c.example" || pair.Second == pair.First));
        Assert.Contains("c.example", three);
    }

    private static async Task<List<string>> FleetAsync(MemoryHub[] hubs, int count)
    {
        var world = new World(hubs);
        await world.EnrollAsync(World.GroupOf("g", Root.Certificate));
        var key = TestKey.P256();
        var assigned = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var leaf = Root.IssueLeaf($"dev-{i}", new() { Key = key });
            assigned.Add((await world.AssignAsync($"dev-{i}", World.Chain(leaf))).AssignedHub!);
        }

        return assigned;
    }
}
