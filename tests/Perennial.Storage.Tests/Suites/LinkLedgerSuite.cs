using Perennial.Server.Storage;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every ledger of linked hubs does.</summary>
public abstract class LinkLedgerSuite(Stores stores) : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Each_difference_gets_one_row_and_what_stays_gets_none()
    {
        await RecordAsync(("a", "1"), ("b", "1"));
        await RecordAsync(("b", "1"), ("a", "1"));
        await RecordAsync(("a", "2"), ("b", "1"), ("c", "1"));
        await RecordAsync(("a", "2"), ("c", "1"));
        Assert.Equal(["op link.create a", "op link.create b", "op link.save a", "op link.create c", "op link.delete b"], stores.Audit());
    }

    private Task RecordAsync(params (string Subject, string Document)[] links) => stores.Links.RecordAsync(
        [.. links.Select(link => new LinkPrint(link.Subject, link.Document))], "op", TestContext.Current.CancellationToken);
}
