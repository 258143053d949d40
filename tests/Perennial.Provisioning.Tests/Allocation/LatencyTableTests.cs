using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Tests.Fakes;

namespace Perennial.Provisioning.Tests.Allocation;

public sealed class LatencyTableTests
{
    private static readonly HubLink[] Hubs = [.. new[] { "a.example", "b.example", "c.example" }.Select(name => new HubLink(new MemoryHub(name)))];

    private readonly LatencyTable _table = new(
    [
        Row("", ("a.example", 10), ("b.example", 90)),
        Row("eu-", ("a.example", 90), ("B.example", 10)),
        Row("eu-north-", ("c.example", 5), ("b.example", 5), ("a.example", 70)),
    ]);

    [Theory]
    [InlineData("dev-01", "a.example")]
    [InlineData("EU-01", "b.example")]
    [InlineData("eu-north-01", "b.example c.example")]
    public void The_longest_beginning_decides_and_equals_are_all_named(string id, string expected) =>
        Assert.Equal(expected, string.Join(' ', _table.Nearest(World.Id(id), Hubs).Select(link => link.HostName)));

    [Fact]
    public void A_table_that_knows_none_of_the_hubs_leaves_all() => Assert.Equal([Hubs[2]], _table.Nearest(World.Id("dev-01"), [Hubs[2]]));

    private static LatencyRow Row(string prefix, params (string Hub, int Milliseconds)[] hubs) =>
        new(prefix, hubs.ToDictionary(hub => hub.Hub, hub => hub.Milliseconds));
}
