using System.Globalization;
using CsCheck;
using Perennial.Server.Audit;

namespace Perennial.Storage.Tests.Suites;

/// <summary>The audit trail is a chain, and is read in pages.</summary>
public abstract class AuditStoreSuite(SqlStores stores) : IAsyncDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task A_trail_that_nobody_touched_is_whole_and_its_last_hash_is_found_again_later()
    {
        Assert.True((await VerifyAsync()).IsWhole);
        await FillAsync(5);
        var first = await VerifyAsync();
        Assert.True(first.IsWhole);
        Assert.Equal((5, 0), (first.Entries, first.Unchained));
        await FillAsync(3);
        var later = await VerifyAsync(first.Head);
        Assert.True(later.IsWhole);
        Assert.Equal(8, later.Entries);
        Assert.False((await VerifyAsync(new byte[AuditChain.HashLength])).IsWhole);
    }

    [Fact]
    public async Task Whatever_is_changed_shows()
    {
        string[] changes =
        [
            "UPDATE audit SET actor = 'mallory' WHERE number = {0}",
            "UPDATE audit SET at = at + 1 WHERE number = {0}",
            "UPDATE audit SET action = 'enrollment.read' WHERE number = {0}",
            "UPDATE audit SET subject = subject || '.' WHERE number = {0}",
            "UPDATE audit SET before = NULL, after = before WHERE number = {0}",
            "UPDATE audit SET hash = NULL WHERE number = {0}",
            "DELETE FROM audit WHERE number = {0}",
        ];
        await FillAsync(6);
        var head = (await VerifyAsync()).Head;
        await Gen.Select(Gen.Int[0, changes.Length - 1].Select(i => changes[i]), Gen.Int[2, 5]).SampleAsync(
            async (change, number) =>
            {
                await stores.TamperAsync("CREATE TABLE kept AS SELECT * FROM audit", Stop);
                await stores.TamperAsync(string.Format(CultureInfo.InvariantCulture, change, number), Stop);
                var verdict = await VerifyAsync();
                await stores.TamperAsync("DELETE FROM audit", Stop);
                await stores.TamperAsync("INSERT INTO audit SELECT * FROM kept", Stop);
                await stores.TamperAsync("DROP TABLE kept", Stop);
                return !verdict.IsWhole && verdict.Broken >= number;
            },
            iter: 30,
            threads: 1);
        Assert.True((await VerifyAsync(head)).IsWhole);
    }

    [Fact]
    public async Task Entries_cut_off_at_the_end_show_by_a_hash_that_was_kept()
    {
        await FillAsync(4);
        var head = (await VerifyAsync()).Head;
        await stores.TamperAsync("DELETE FROM audit WHERE number = 4", Stop);
        Assert.True((await VerifyAsync()).IsWhole);
        Assert.False((await VerifyAsync(head)).IsWhole);
    }

    [Fact]
    public async Task Entries_older_than_the_chain_are_counted_apart()
    {
        await FillAsync(2);
        await stores.TamperAsync("UPDATE audit SET hash = NULL", Stop);
        await FillAsync(2);
        var verdict = await VerifyAsync();
        Assert.True(verdict.IsWhole);
        Assert.Equal((2, 2), (verdict.Entries, verdict.Unchained));
    }

    [Fact]
    public async Task Pages_begin_with_the_latest_and_follow_each_other()
    {
        await FillAsync(7);
        var seen = new List<long>();
        long? before = null;
        do
        {
            var page = await stores.AuditTrail.ListAsync(AuditFilter.None, before, 3, Stop);
            seen.AddRange(page.Records.Select(record => record.Number));
            before = page.Next;
        }
        while (before is not null);
        Assert.Equal([7, 6, 5, 4, 3, 2, 1], seen);
    }

    [Fact]
    public async Task A_filter_takes_parts_of_names_without_regard_to_case_and_takes_signs_as_they_are()
    {
        await stores.WriteAuditAsync("user Alice", "enrollment.save", "individual 100%_sure", null, "{}", Stop);
        var noon = stores.Time.GetUtcNow();
        stores.Time.Advance(TimeSpan.FromHours(1));
        await stores.WriteAuditAsync("policy owner", "enrollment.delete", "individual 1000 sure", "{}", null, Stop);
        await stores.WriteAuditAsync("policy owner", "policy.create", "policy 'a'", null, "{}", Stop);
        Assert.Equal([1], await FindAsync(new() { Actor = "ALICE" }));
        Assert.Equal([2, 1], await FindAsync(new() { Action = "enrollment" }));
        Assert.Equal([1], await FindAsync(new() { Subject = "0%_S" }));
        Assert.Equal([1], await FindAsync(new() { Until = noon.AddMinutes(1) }));
        Assert.Equal([3, 2], await FindAsync(new() { From = noon.AddMinutes(1) }));
        Assert.Equal([2], await FindAsync(new() { From = noon.AddMinutes(1), Action = "enrollment.", Actor = "owner" }));
    }

    private async Task<List<long>> FindAsync(AuditFilter filter) =>
        [.. (await stores.AuditTrail.ListAsync(filter, null, 100, Stop)).Records.Select(record => record.Number)];

    private async Task FillAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await stores.WriteAuditAsync("op", "enrollment.save", $"individual dev-{i}", i % 2 == 0 ? "{\"a\":1}" : null, "{\"ä\":2}", Stop);
        }
    }

    private Task<AuditVerdict> VerifyAsync(ReadOnlyMemory<byte>? expected = null) => new VerifyAudit(stores.AuditTrail).RunAsync(expected, Stop);
}
