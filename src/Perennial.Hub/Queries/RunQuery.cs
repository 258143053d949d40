namespace Perennial.Hub.Queries;

/// <summary>Answers queries page by page. A page looks at a bounded number of rows; a grouping looks at all of them, some hundred at a time.</summary>
public sealed class RunQuery(IReadOnlyDictionary<QuerySource, IQueryRows> sources) : IDisposable
{
    private const int Batch = 500;

    // Groupings keep a processor busy for long; no more than this many of one hub do.
    private readonly SemaphoreSlim _groupings = new(2);

    public bool Reads(QuerySource source) => sources.ContainsKey(source);

    /// <param name="query">What is asked.</param>
    /// <param name="cursor">Where the page begins.</param>
    /// <param name="size">Results of the page, at most <see cref="QueryLimits.MaxPage"/>.</param>
    /// <param name="cancellationToken">Gives up, between two batches of rows.</param>
    public async Task<QueryOutcome> RunAsync(Query query, QueryCursor cursor, int size, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(cursor);
        if (!query.IsAggregate)
        {
            return await PageAsync(query, cursor, Math.Clamp(size, 1, QueryLimits.MaxPage), cancellationToken);
        }

        if (IsCount(query) && await sources[query.Source].CountAsync(query, cancellationToken) is { } count)
        {
            return new QueryOutcome.Page(
                [new QueryResult.Members([.. query.Projections.Select((projection, i) => KeyValuePair.Create(projection.NameAt(i + 1), QueryValue.Of(count)))])], null);
        }

        await _groupings.WaitAsync(cancellationToken);
        try
        {
            return await GroupAsync(query, cancellationToken);
        }
        finally
        {
            _groupings.Release();
        }
    }

    public void Dispose() => _groupings.Dispose();

    private async Task<QueryOutcome> PageAsync(Query query, QueryCursor cursor, int size, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(size, (query.Top ?? long.MaxValue) - cursor.Returned);
        var (found, last, position, scanned) = (new List<QueryResult>(), cursor.After, cursor.After, 0);
        while (wanted > 0)
        {
            // Where a key or an index answers, the first rows are the results; one more tells whether a page follows.
            var batch = query.Where is null || scanned == 0 ? wanted + 1 : Batch;
            var rows = await sources[query.Source].ReadAsync(query, position, batch, cancellationToken);
            foreach (var row in rows.Where(row => Takes(query, row)))
            {
                if (found.Count == wanted)
                {
                    return Page(query, cursor, found, last!);
                }

                found.Add(Result(query, row));
                last = row.Key;
            }

            scanned += rows.Count;
            if (rows.Count < batch)
            {
                break;
            }

            position = rows[^1].Key;
            if (scanned >= QueryLimits.MaxScan)
            {
                return Page(query, cursor, found, position);
            }

            await Task.Yield();
        }

        return new QueryOutcome.Page(found, null);
    }

    private async Task<QueryOutcome> GroupAsync(Query query, CancellationToken cancellationToken)
    {
        var (groups, after) = (new QueryGroups(query), (string?)null);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = await sources[query.Source].ReadAsync(query, after, Batch, cancellationToken);
            foreach (var row in rows.Where(row => Takes(query, row)))
            {
                groups.Add(row);
            }

            if (groups.AreTooMany)
            {
                return new QueryOutcome.Refused(new QueryFault(
                    0, $"There are more than {QueryLimits.MaxGroups} groups.", "Narrow the condition, or group by a path with fewer values."));
            }

            if (rows.Count < Batch)
            {
                var results = groups.Results();
                return new QueryOutcome.Page([.. results.Take(query.Top ?? results.Count)], null);
            }

            after = rows[^1].Key;
            await Task.Yield();
        }
    }

    private static bool IsCount(Query query) => query.GroupBy.Count == 0
        && query.Projections.All(projection => projection.Expression is QueryExpression.Aggregate { Kind: QueryAggregate.Count, Operand: null });

    private static bool Takes(Query query, IQueryRow row) => query.Where?.Evaluate(row).IsTrue != false;

    private static QueryOutcome.Page Page(Query query, QueryCursor cursor, List<QueryResult> found, string after)
    {
        var returned = cursor.Returned + found.Count;
        return new QueryOutcome.Page(found, query.Top is { } top && returned >= top ? null : new QueryCursor(after, returned));
    }

    private static QueryResult Result(Query query, IQueryRow row) => query.IsAll
        ? new QueryResult.Whole(row)
        : new QueryResult.Members(
        [
            .. query.Projections
                .Select((projection, i) => KeyValuePair.Create(projection.NameAt(i + 1), projection.Expression.Evaluate(row)))
                .Where(member => member.Value.IsDefined),
        ]);
}
