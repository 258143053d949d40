namespace Perennial.Hub.Queries;

/// <summary>The groups of an aggregating query while its rows come.</summary>
internal sealed class QueryGroups(Query query)
{
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);

    public bool AreTooMany => _groups.Count > QueryLimits.MaxGroups;

    public void Add(IQueryRow row)
    {
        var values = query.GroupBy.Select(row.Find).ToList();
        var key = string.Join('\u001F', values.Select(value => $"{value.Kind} {value}"));
        if (!_groups.TryGetValue(key, out var group))
        {
            group = NewGroup(values);
            _groups.Add(key, group);
        }

        foreach (var accumulator in group.Accumulators)
        {
            accumulator?.Add(row);
        }
    }

    /// <summary>One result for each group; without GROUP BY one for all rows, also when there are none.</summary>
    public IReadOnlyList<QueryResult> Results()
    {
        var groups = _groups.Count == 0 && query.GroupBy.Count == 0 ? [NewGroup([])] : _groups.Values.ToList();
        return [.. groups.Select(Result)];
    }

    private Group NewGroup(IReadOnlyList<QueryValue> values) => new(
        values,
        [.. query.Projections.Select(projection => projection.Expression is QueryExpression.Aggregate aggregate ? new QueryAccumulator(aggregate) : null)]);

    private QueryResult.Members Result(Group group) => new(
    [
        .. query.Projections
            .Select((projection, i) => KeyValuePair.Create(projection.NameAt(i + 1), ValueOf(projection, group, i)))
            .Where(member => member.Value.IsDefined),
    ]);

    private QueryValue ValueOf(QueryProjection projection, Group group, int place) => projection.Expression switch
    {
        QueryExpression.Member member => group.Values[query.GroupBy.ToList().IndexOf(member.Path)],
        QueryExpression.Literal literal => literal.Value,
        _ => group.Accumulators[place]!.Value,
    };

    private sealed record Group(IReadOnlyList<QueryValue> Values, IReadOnlyList<QueryAccumulator?> Accumulators);
}
