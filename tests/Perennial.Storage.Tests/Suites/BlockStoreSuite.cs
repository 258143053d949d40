using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.TestCertificates;

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

    private Task BlockAsync(BlockKind kind, string name, TestAuthority? issuer = null) => stores.Blocks.SaveAsync(
        new Block { Kind = kind, Name = name, Issuer = issuer?.Certificate, Reason = "stolen", Actor = "test", At = Samples.At }, Stop);
}
