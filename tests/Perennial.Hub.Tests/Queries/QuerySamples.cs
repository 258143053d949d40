using CsCheck;
using Perennial.Hub.Queries;

namespace Perennial.Hub.Tests.Queries;

/// <summary>Queries and rows at random.</summary>
internal static class QuerySamples
{
    private static readonly Gen<string> Segment = Gen.OneOf("a", "b", "c", "tags", "$version", "from", "count", "1st", "with space", "it's", "ü");

    public static readonly Gen<QueryPath> Path = Segment.Array[1, 4].Select(segments => new QueryPath(segments));

    public static readonly Gen<QueryValue> Constant = Gen.OneOf(
        Gen.OneOf("", "x", "y", "o'clock", "\"q\"", "]] --", "ü").Select(text => QueryValue.Of(text)),
        Gen.Double[-1e12, 1e12].Select(number => QueryValue.Of(number)),
        Gen.Int[-5, 5].Select(number => QueryValue.Of(number)),
        Gen.Bool.Select(truth => QueryValue.Of(truth)),
        Gen.Const(QueryValue.Null));

    private static readonly Gen<QueryExpression> Leaf = Gen.OneOf(
        Constant.Select(value => (QueryExpression)new QueryExpression.Literal(value)),
        Path.Select(path => (QueryExpression)new QueryExpression.Member(path)));

    public static readonly Gen<QueryExpression> Expression = Leaf.Select(leaf => leaf).SelectMany(_ => Of(3));

    private static readonly Gen<QueryExpression> Aggregate = Gen.Select(Gen.Enum<QueryAggregate>(), Of(1)).Select((kind, operand) =>
        (QueryExpression)new QueryExpression.Aggregate(kind, operand));

    public static readonly Gen<Query> Query = Gen.OneOf(Plain(), Grouped());

    private static Gen<Query> Plain() => Gen.Select(
        Gen.Int[0, 5], Gen.Select(Expression, Gen.OneOf("n", "as", "with space")).Array[0, 3], Gen.Enum<QuerySource>(), Gen.Bool, Expression).Select((top, selected, source, filters, where) =>
        new Query
        {
            Top = top == 0 ? null : top,
            Projections = [.. selected.Select((projection, i) => new QueryProjection(projection.Item1, $"{projection.Item2}{i}"))],
            Source = source,
            Where = filters ? where : null,
        });

    private static Gen<Query> Grouped() => Gen.Select(Path.Array[0, 2], Aggregate.Array[1, 2], Expression).Select((groups, aggregates, where) =>
        new Query
        {
            Projections =
            [
                .. groups.Distinct().Select((path, i) => new QueryProjection(new QueryExpression.Member(path), $"g{i}")),
                .. aggregates.Select((aggregate, i) => new QueryProjection(aggregate, $"n{i}")),
            ],
            GroupBy = [.. groups.Distinct()],
            Where = where,
        });

    private static Gen<QueryExpression> Of(int depth)
    {
        if (depth == 0)
        {
            return Leaf;
        }

        var inner = Of(depth - 1);
        return Gen.OneOf(
            Leaf,
            inner.Where(operand => operand is not QueryExpression.Literal { Value.Kind: QueryValueKind.Number })
                .Select(operand => (QueryExpression)new QueryExpression.Negated(operand)),
            Gen.Select(Gen.OneOf('+', '-', '*', '/', '%'), inner, inner).Select((sign, left, right) =>
                (QueryExpression)new QueryExpression.Arithmetic(sign, left, right)),
            Gen.Select(Gen.Enum<QueryComparison>(), inner, inner).Select((comparison, left, right) =>
                (QueryExpression)new QueryExpression.Comparison(comparison, left, right)),
            Gen.Select(Gen.Bool, inner.Array[2, 4]).Select((isAll, conditions) => (QueryExpression)new QueryExpression.Logic(isAll, conditions)),
            inner.Select(condition => (QueryExpression)new QueryExpression.Not(condition)),
            Gen.Select(inner, Constant.Array[1, 3], Gen.Bool).Select((value, choices, isNone) =>
                (QueryExpression)new QueryExpression.Among(value, choices, isNone)),
            inner.Select(argument => (QueryExpression)new QueryExpression.Call(QueryFunction.Find("IS_DEFINED")!, [argument])),
            Gen.Select(inner, inner).Select((text, part) => (QueryExpression)new QueryExpression.Call(QueryFunction.Find("CONTAINS")!, [text, part])));
    }
}
