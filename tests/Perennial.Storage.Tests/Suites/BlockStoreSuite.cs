using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of blocks does.</summary>
public abstract class BlockStoreSuite(Stores stores) : IAsyncDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _root.Dispose();
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task A_block_is_found_by_the_device_the_leaf_and_the_names_of_its_issuers()
    {
        using var intermediate = _root.CreateIntermediate();
        using var leaf = intermediate.IssueLeaf("dev-01");
        var chain = Samples.Chain(leaf, intermediate);
        Assert.Empty(await stores.Blocks.FindAsync("dev-01", chain, Stop));
        await BlockAsync(BlockKind.Device, "Dev-01");
        await BlockAsync(BlockKind.Device, "dev-02");
        await BlockAsync(BlockKind.Certificate, leaf.Certificate.Thumbprint.ToString());
        await BlockAsync(BlockKind.Issuer, _root.Certificate.Thumbprint.ToString(), _root);

        var found = await stores.Blocks.FindAsync("DEV-01", chain, Stop);
        Assert.Equal([BlockKind.Certificate, BlockKind.Issuer, BlockKind.Device], found.Select(block => block.Kind).Order());
        Assert.Equal(_root.Certificate.Thumbprint, found.Single(block => block.Kind == BlockKind.Issuer).Issuer?.Thumbprint);
        Assert.Equal(BlockKind.Device, Assert.Single(await stores.Blocks.FindAsync("dev-02", null, Stop)).Kind);
    }

    [Fact]
    public async Task A_blocked_issuer_is_found_under_another_name_of_its_key()
    {
        using var line = _root.CreateIntermediate("Line");
        using var renamed = _root.CreateIntermediate("Renamed", new() { Key = line.Own.Key });
        using var leaf = renamed.IssueLeaf("dev-01");
        await stores.Enrollments.SaveAsync(Samples.GroupOf("g", "1", renamed.Certificate), null, "test", Stop);
        await BlockAsync(BlockKind.Issuer, line.Certificate.Thumbprint.ToString(), line);

        var candidates = await stores.Enrollments.FindCandidatesAsync(Samples.Id("dev-01"), new DeviceProof.ByCertificate(Samples.Chain(leaf)), Stop);
        Assert.Equal(line.Certificate.Thumbprint, Assert.Single(candidates.Blocks).Issuer?.Thumbprint);
        Assert.Single(await stores.Blocks.FindAsync("dev-01", Samples.Chain(leaf, renamed), Stop));
    }

    [Fact]
    public async Task Blocks_are_listed_by_pages_kept_once_and_taken_away_with_an_audit_row_each()
    {
        await BlockAsync(BlockKind.Device, "b");
        await BlockAsync(BlockKind.Device, "a");
        await BlockAsync(BlockKind.Device, "A");
        var first = await stores.Blocks.ListAsync(new PageRequest(null, 1), Stop);
        var second = await stores.Blocks.ListAsync(new PageRequest(first.Next, 1), Stop);
        Assert.Equal(["a", "b"], first.Items.Concat(second.Items).Select(block => block.Name));
        Assert.Null(second.Next);
        Assert.True(await stores.Blocks.TryDeleteAsync(BlockKind.Device, "B", "ann", Stop));
        Assert.False(await stores.Blocks.TryDeleteAsync(BlockKind.Device, "b", "ann", Stop));
        Assert.Equal(
            ["test credential.block device 'b'", "test credential.block device 'a'", "ann credential.unblock Device 'B'"], stores.Audit());
    }

    [Fact]
    public async Task Other_terms_of_a_block_that_stands_are_saved_and_the_same_ones_change_nothing()
    {
        var drain = Drain(new DrainTerms { RatePerMinute = 7, Order = DrainOrder.LongestValid, First = ["b", "a"], TakesUnseen = true });
        await stores.Blocks.SaveAsync(drain, Stop);
        var found = (await stores.Blocks.FindAsync(BlockKind.Issuer, drain.Name, Stop))!.Drain!;
        Assert.Equal((7, DrainOrder.LongestValid, true, "b a"), (found.RatePerMinute, found.Order, found.TakesUnseen, string.Join(' ', found.First)));
        await stores.Blocks.SaveAsync(drain, Stop);
        await stores.Blocks.SaveAsync(drain with { Drain = null }, Stop);
        Assert.True((await stores.Blocks.FindAsync(BlockKind.Issuer, drain.Name, Stop))!.IsCut);
        Assert.Equal(["credential.block", "credential.drain"], stores.Audit().Select(line => line.Split(' ')[1]).Order());
    }

    [Fact]
    public async Task A_group_block_is_found_for_what_the_group_takes_and_for_identities_that_registered_through_it()
    {
        using var leaf = _root.IssueLeaf("dev-01");
        var group = Samples.GroupOf("line", "1", _root.Certificate);
        await stores.Enrollments.SaveAsync(group, null, "test", Stop);
        await stores.Registrations.TryCommitAsync(Samples.Registration("dev-01", "1", group.Key, leaf.Certificate), null, [], Stop);
        await BlockAsync(BlockKind.Group, "Line");
        var candidates = await stores.Enrollments.FindCandidatesAsync(Samples.Id("dev-01"), new DeviceProof.ByCertificate(Samples.Chain(leaf)), Stop);
        Assert.Equal(BlockKind.Group, Assert.Single(candidates.Blocks).Kind);
        Assert.True(group.Key.IsRefusedBy(candidates.Blocks[0]));
        Assert.Single(await stores.Blocks.FindAsync("dev-01", null, Stop));
        Assert.Empty(await stores.Blocks.FindAsync("dev-02", null, Stop));
    }

    [Fact]
    public async Task Devices_of_a_drain_have_their_turns_by_order_and_rate_and_who_has_had_it_keeps_it()
    {
        var leaves = new Dictionary<string, Thumbprint>();
        foreach (var (id, minutes) in new[] { ("early", 1), ("late", 3), ("middle", 2), ("named", 0) })
        {
            leaves[id] = await SeeAsync(id, minutes);
        }

        var drain = Drain(new DrainTerms { RatePerMinute = 1, First = ["named"] });
        await stores.Blocks.SaveAsync(drain, Stop);
        Assert.Equal(IDrainStore.UntilOrdered, await WaitAsync(drain, "named", leaves["named"], 10));
        Assert.Equal(drain.Name, Assert.Single(await stores.Drains.ListUnorderedAsync(Stop)).Name, ignoreCase: true);
        await stores.Drains.NoteAsync(drain, [.. leaves.Keys], Stop);
        await stores.Drains.OrderAsync(drain, Samples.At.AddMinutes(10), Stop);
        Assert.Empty(await stores.Drains.ListUnorderedAsync(Stop));

        Assert.Equal(TimeSpan.FromMinutes(3), await WaitAsync(drain, "early", leaves["early"], 10));
        Assert.Null(await WaitAsync(drain, "named", leaves["named"], 10));
        Assert.Equal(TimeSpan.FromMinutes(1), await WaitAsync(drain, "late", leaves["late"], 10));
        Assert.Null(await WaitAsync(drain, "late", leaves["late"], 11));
        Assert.Null(await WaitAsync(drain, "named", leaves["named"], 11));
        // The turns of both have come, and the rate lets one of them through.
        Assert.Null(await WaitAsync(drain, "early", leaves["early"], 20));
        Assert.Equal(TimeSpan.FromMinutes(1), await WaitAsync(drain, "middle", leaves["middle"], 20));
        Assert.Equal(new DrainProgress(4, 3, Samples.At.AddMinutes(10)), await stores.Drains.ReadAsync(BlockKind.Issuer, drain.Name, Stop));
    }

    [Fact]
    public async Task A_leaf_that_was_not_seen_before_the_drain_has_no_turn_unless_the_operator_says_so()
    {
        var leaf = await SeeAsync("dev-01", 0);
        var drain = Drain(new DrainTerms { RatePerMinute = 1 });
        await stores.Blocks.SaveAsync(drain, Stop);
        await stores.Drains.NoteAsync(drain, ["dev-01"], Stop);
        await stores.Drains.OrderAsync(drain, Samples.At, Stop);
        Assert.IsType<DrainTurn.Unseen>(await TakeAsync(drain, "dev-01", Thumbprint.Of([1]), 0));
        Assert.IsType<DrainTurn.Unseen>(await TakeAsync(drain, "dev-02", leaf, 0));

        var open = drain with { Drain = drain.Drain! with { TakesUnseen = true }, At = drain.At.AddMinutes(1) };
        await stores.Blocks.SaveAsync(open, Stop);
        await stores.Drains.OrderAsync(open, Samples.At, Stop);
        Assert.Equal(TimeSpan.FromMinutes(1), await WaitAsync(open, "dev-02", leaf, 0));
        Assert.Null(await WaitAsync(open, "dev-01", Thumbprint.Of([1]), 0));
        Assert.True(await stores.Blocks.TryDeleteAsync(BlockKind.Issuer, drain.Name, "test", Stop));
        Assert.Null(await stores.Drains.ReadAsync(BlockKind.Issuer, drain.Name, Stop));
    }

    private Block Drain(DrainTerms terms) => new()
    {
        Kind = BlockKind.Issuer,
        Name = _root.Certificate.Thumbprint.ToString(),
        Issuer = _root.Certificate,
        Drain = terms,
        Reason = "stolen",
        Actor = "test",
        At = Samples.At,
    };

    private async Task<Thumbprint> SeeAsync(string id, int minutes)
    {
        using var leaf = _root.IssueLeaf(id);
        await stores.Sightings.RecordAsync(
            new Sighting
            {
                Device = id,
                Path = SightingPath.Provisioning,
                At = Samples.At.AddMinutes(minutes),
                Chain = Samples.Chain(leaf),
                Match = new SightingMatch(Samples.Group("g"), Slot.Primary, _root.Certificate.Thumbprint),
            },
            Stop);
        return leaf.Certificate.Thumbprint;
    }

    private Task<DrainTurn> TakeAsync(Block drain, string id, Thumbprint leaf, int minutes) =>
        stores.Drains.TakeAsync(drain, Samples.Id(id), leaf, Samples.At.AddMinutes(minutes), Stop);

    private async Task<TimeSpan?> WaitAsync(Block drain, string id, Thumbprint leaf, int minutes) =>
        await TakeAsync(drain, id, leaf, minutes) switch
        {
            DrainTurn.Later { Wait: var wait } => wait,
            DrainTurn.Granted => null,
            var other => throw new InvalidOperationException(other.ToString()),
        };

    private Task BlockAsync(BlockKind kind, string name, TestAuthority? issuer = null) => stores.Blocks.SaveAsync(
        new Block { Kind = kind, Name = name, Issuer = issuer?.Certificate, Reason = "stolen", Actor = "test", At = Samples.At }, Stop);
}
