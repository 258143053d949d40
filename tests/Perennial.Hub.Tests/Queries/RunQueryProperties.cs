using CsCheck;
using Perennial.Hub.Queries;
using Perennial.Hub.Tests.Fakes;

namespace Perennial.Hub.Tests.Queries;

public sealed class RunQueryProperties
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_of_any_size_put_together_are_the_whole() =>
        await Gen.Select(Gen.Int[0, 4].Array[0, 60], Gen.Int[1, 7], Gen.Int[0, 70], Gen.Int[0, 4]).SampleAsync(async (rows, size, top, wanted) =>
        {
            var source = new Rows(rows);
            var query = Read($"SELECT {(top == 0 ? "" : $"TOP {top} ")}* FROM devices WHERE n = {wanted}");
            var expected = rows.Select((n, i) => (n, i)).Where(row => row.n == wanted).Select(row => Rows.KeyOf(row.i)).Take(top == 0 ? int.MaxValue : top).ToList();
            var (found, cursor) = (new List<string>(), (QueryCursor?)QueryCursor.Start);
            while (cursor is not null)
            {
                var page = Assert.IsType<QueryOutcome.Page>(await source.Run.RunAsync(query, cursor, size, Stop));
                Assert.True(page.Items.Count <= size);
                Assert.False(page.Next is null && found.Count + page.Items.Count < expected.Count);
                found.AddRange(page.Items.Select(item => ((QueryResult.Whole)item).Row.Key));
                Assert.True(page.Next is null || QueryCursor.TryParse(page.Next.ToString(), out cursor));
                cursor = page.Next is null ? null : cursor;
                Assert.True(cursor is null || found.Count < expected.Count, "A page is announced that has nothing.");
            }

            Assert.Equal(expected, found);
        });

    [Fact]
    public async Task Groups_add_up_to_the_rows() => await Gen.Int[0, 4].Array[0, 60].SampleAsync(async rows =>
    {
        var page = Assert.IsType<QueryOutcome.Page>(await new Rows(rows).Run.RunAsync(
            Read("SELECT n, COUNT() AS c, SUM(n) AS s, MIN(n) AS low, MAX(n) AS high, AVG(n) AS mean FROM devices GROUP BY n"), QueryCursor.Start, 10, Stop));
        var groups = page.Items.Select(item => ((QueryResult.Members)item).Values.ToDictionary(member => member.Key, member => member.Value.Number)).ToList();
        Assert.Equal(rows.GroupBy(n => n).Select(group => ((double)group.Key, (double)group.Count())).Order(), groups.Select(group => (group["n"], group["c"])).Order());
        Assert.All(groups, group => Assert.Equal((group["n"] * group["c"], group["n"], group["n"], group["n"]), (group["s"], group["low"], group["high"], group["mean"])));
    });

    [Fact]
    public async Task What_no_row_has_is_left_out_and_none_are_counted_as_none()
    {
        var page = Assert.IsType<QueryOutcome.Page>(await new Rows([]).Run.RunAsync(
            Read("SELECT COUNT() AS c, AVG(n) AS mean FROM devices"), QueryCursor.Start, 10, Stop));
        Assert.Equal([("c", 0.0)], ((QueryResult.Members)page.Items[0]).Values.Select(member => (member.Key, member.Value.Number)));
    }

    [Fact]
    public async Task A_page_ends_early_once_it_has_looked_at_enough()
    {
        var source = new Rows(new int[QueryLimits.MaxScan + 600]);
        var page = Assert.IsType<QueryOutcome.Page>(await source.Run.RunAsync(Read("SELECT * FROM devices WHERE n = 1"), QueryCursor.Start, 10, Stop));
        Assert.Empty(page.Items);
        Assert.NotNull(page.Next);
        Assert.InRange(source.Given, QueryLimits.MaxScan, QueryLimits.MaxScan + 500);
        Assert.Null(Assert.IsType<QueryOutcome.Page>(await source.Run.RunAsync(Read("SELECT * FROM devices WHERE n = 1"), page.Next, 10, Stop)).Next);
    }

    [Fact]
    public async Task Too_many_groups_are_refused_and_a_grouping_stops_when_it_is_given_up()
    {
        var source = new Rows([.. Enumerable.Range(0, QueryLimits.MaxGroups + 1)]);
        var query = Read("SELECT n FROM devices GROUP BY n");
        Assert.IsType<QueryOutcome.Refused>(await source.Run.RunAsync(query, QueryCursor.Start, 10, Stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.Run.RunAsync(query, QueryCursor.Start, 10, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("deviceId = 'a'", "a", null)]
    [InlineData("'a' = deviceId AND tags.x = 1", "a", null)]
    [InlineData("tags.x = 1 AND (deviceId IN ['b', 'a', 'a'] AND TRUE)", "a b", null)]
    [InlineData("deviceId = 'not an id'", "", null)]
    [InlineData("connectionState = 'Connected'", "live", null)]
    [InlineData("status = 'disabled'", null, false)]
    [InlineData("status = 'enabled' AND tags.x = 1", null, true)]
    [InlineData("status = 'enabled' OR tags.x = 1", null, null)]
    [InlineData("deviceId = 'a' OR deviceId = 'b'", null, null)]
    [InlineData("NOT (deviceId = 'a')", null, null)]
    [InlineData("deviceId NIN ['a']", null, null)]
    public void Keys_and_indexes_are_used_where_the_condition_allows(string condition, string? ids, bool? isEnabled)
    {
        var range = TwinPlan.Of(Read($"SELECT * FROM devices WHERE {condition}"), () => [World.Id("live")]);
        Assert.Equal((ids, isEnabled), (range.Ids is null ? null : string.Join(' ', range.Ids), range.IsEnabled));
    }

    [Fact]
    public void The_modules_of_one_device_are_a_range_of_their_own()
    {
        var range = TwinPlan.Of(Read("SELECT * FROM devices.modules WHERE deviceId = 'a'"), () => []);
        Assert.Equal((true, "a"), (range.IsModules, range.Owner?.Value));
    }

    private static Query Read(string text) => Query.TryParse(text, out var query, out var fault) ? query : throw new ArgumentException(fault.ToString());

    private sealed class Rows(int[] rows) : IQueryRows
    {
        public RunQuery Run => new(new Dictionary<QuerySource, IQueryRows> { [QuerySource.Devices] = this });

        public int Given { get; private set; }

        public static string KeyOf(int place) => $"{place:D6}";

        public Task<IReadOnlyList<IQueryRow>> ReadAsync(Query query, string? after, int max, CancellationToken cancellationToken)
        {
            IReadOnlyList<IQueryRow> found = [.. rows.Select((n, i) => new Row(KeyOf(i), n)).Where(row => string.CompareOrdinal(row.Key, after) > 0).Take(max)];
            Given += found.Count;
            return Task.FromResult(found);
        }

        public Task<long?> CountAsync(Query query, CancellationToken cancellationToken) => Task.FromResult<long?>(null);
    }

    private sealed record Row(string Key, int N) : IQueryRow
    {
        public QueryValue Find(QueryPath path) => path.Is("n") ? QueryValue.Of(N) : QueryValue.Undefined;
    }
}
