using System.Globalization;
using System.Text.Json;

namespace Perennial.Hub.Queries;

/// <summary>What an expression comes to on one row. A comparison with something that is not there does not hold, != included. Pure.</summary>
public static class QueryEvaluation
{
    public static QueryValue Evaluate(this QueryExpression expression, IQueryRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return expression switch
        {
            QueryExpression.Literal literal => literal.Value,
            QueryExpression.Member member => row.Find(member.Path),
            QueryExpression.Negated negated => Negate(negated.Operand.Evaluate(row)),
            QueryExpression.Arithmetic sum => Calculate(sum.Sign, sum.Left.Evaluate(row), sum.Right.Evaluate(row)),
            QueryExpression.Comparison compared => QueryValue.Of(Compare(compared.Operator, compared.Left.Evaluate(row), compared.Right.Evaluate(row))),
            QueryExpression.Logic logic => QueryValue.Of(logic.IsAll ? logic.Conditions.All(Holds) : logic.Conditions.Any(Holds)),
            QueryExpression.Not not => Not(not.Condition.Evaluate(row)),
            QueryExpression.Among among => QueryValue.Of(IsAmong(among, among.Value.Evaluate(row))),
            QueryExpression.Call call => call.Function.Apply([.. call.Arguments.Select(argument => argument.Evaluate(row))]),
            QueryExpression.Aggregate => throw new InvalidOperationException("An aggregate has no value on one row."),
            _ => throw new InvalidOperationException($"Unknown expression {expression?.GetType().Name}."),
        };

        bool Holds(QueryExpression condition) => condition.Evaluate(row).IsTrue;
    }

    public static bool Compare(QueryComparison comparison, QueryValue left, QueryValue right)
    {
        if (!left.IsDefined || !right.IsDefined)
        {
            return false;
        }

        return comparison switch
        {
            QueryComparison.Equal => AreEqual(left, right),
            QueryComparison.NotEqual => !AreEqual(left, right),
            QueryComparison.Less => Order(left, right) < 0,
            QueryComparison.LessOrEqual => Order(left, right) <= 0,
            QueryComparison.Greater => Order(left, right) > 0,
            QueryComparison.GreaterOrEqual => Order(left, right) >= 0,
            _ => throw new InvalidOperationException($"Unknown comparison {comparison}."),
        };
    }

    /// <summary>Which comes first; null when the two have no order.</summary>
    internal static int? Order(QueryValue left, QueryValue right)
    {
        Align(ref left, ref right);
        return (left.Kind, right.Kind) switch
        {
            (QueryValueKind.Number, QueryValueKind.Number) => left.Number.CompareTo(right.Number),
            (QueryValueKind.Text, QueryValueKind.Text) => string.CompareOrdinal(left.Text, right.Text),
            (QueryValueKind.Time, QueryValueKind.Time) => left.Time.CompareTo(right.Time),
            _ => null,
        };
    }

    private static bool AreEqual(QueryValue left, QueryValue right)
    {
        Align(ref left, ref right);
        return left.Kind == right.Kind && left.Kind switch
        {
            QueryValueKind.Json => JsonElement.DeepEquals(left.Json, right.Json),
            QueryValueKind.Null => true,
            QueryValueKind.Truth => left.IsTrue == right.IsTrue,
            _ => Order(left, right) == 0,
        };
    }

    // A text beside an instant is read as one.
    private static void Align(ref QueryValue left, ref QueryValue right)
    {
        left = right.Kind == QueryValueKind.Time ? AsTime(left) : left;
        right = left.Kind == QueryValueKind.Time ? AsTime(right) : right;
    }

    private static QueryValue AsTime(QueryValue value) => value.Kind == QueryValueKind.Text
        && DateTimeOffset.TryParse(
            value.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
        ? QueryValue.Of(time)
        : value;

    private static bool IsAmong(QueryExpression.Among among, QueryValue value) =>
        value.IsDefined && among.Choices.Any(choice => AreEqual(value, choice)) != among.IsNone;

    private static QueryValue Negate(QueryValue value) =>
        value.Kind == QueryValueKind.Number ? QueryValue.Of(-value.Number) : QueryValue.Undefined;

    private static QueryValue Not(QueryValue value) =>
        value.Kind == QueryValueKind.Truth ? QueryValue.Of(!value.IsTrue) : QueryValue.Undefined;

    private static QueryValue Calculate(char sign, QueryValue left, QueryValue right)
    {
        if (left.Kind != QueryValueKind.Number || right.Kind != QueryValueKind.Number)
        {
            return QueryValue.Undefined;
        }

        return QueryValue.Of(sign switch
        {
            '+' => left.Number + right.Number,
            '-' => left.Number - right.Number,
            '*' => left.Number * right.Number,
            '/' => left.Number / right.Number,
            '%' => left.Number % right.Number,
            _ => throw new InvalidOperationException($"Unknown sign {sign}."),
        });
    }
}
