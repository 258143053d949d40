namespace Perennial.Hub.Queries;

/// <summary>A value over many rows while they come.</summary>
internal sealed class QueryAccumulator(QueryExpression.Aggregate aggregate)
{
    private long _count;
    private double _sum;
    private QueryValue _best;

    public void Add(IQueryRow row)
    {
        if (aggregate.Operand is not { } operand)
        {
            _count++;
            return;
        }

        var value = operand.Evaluate(row);
        switch (aggregate.Kind)
        {
            case QueryAggregate.Count:
                _count += value.IsDefined ? 1 : 0;
                break;
            case QueryAggregate.Sum or QueryAggregate.Avg when value.Kind == QueryValueKind.Number:
                _count++;
                _sum += value.Number;
                break;
            case QueryAggregate.Min or QueryAggregate.Max when value.IsDefined:
                _best = !_best.IsDefined || IsBetter(value) ? value : _best;
                break;
        }
    }

    /// <summary>The value; undefined when no row had one.</summary>
    public QueryValue Value => aggregate.Kind switch
    {
        QueryAggregate.Count => QueryValue.Of(_count),
        QueryAggregate.Sum => _count == 0 ? QueryValue.Undefined : QueryValue.Of(_sum),
        QueryAggregate.Avg => _count == 0 ? QueryValue.Undefined : QueryValue.Of(_sum / _count),
        _ => _best,
    };

    private bool IsBetter(QueryValue value) =>
        QueryEvaluation.Order(value, _best) is { } order && (aggregate.Kind == QueryAggregate.Min ? order < 0 : order > 0);
}
