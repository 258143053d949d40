namespace Perennial.Hub.Queries;

/// <summary>A part of a query that comes to a value.</summary>
public abstract record QueryExpression
{
    private QueryExpression()
    {
    }

    public sealed record Literal(QueryValue Value) : QueryExpression
    {
        public override string ToString() => Value.ToString();
    }

    public sealed record Member(QueryPath Path) : QueryExpression
    {
        public override string ToString() => Path.ToString();
    }

    public sealed record Negated(QueryExpression Operand) : QueryExpression
    {
        public override string ToString() => $"-({Operand})";
    }

    public sealed record Arithmetic(char Sign, QueryExpression Left, QueryExpression Right) : QueryExpression
    {
        public override string ToString() => $"{Nested(Left)} {Sign} {Nested(Right)}";
    }

    public sealed record Comparison(QueryComparison Operator, QueryExpression Left, QueryExpression Right) : QueryExpression
    {
        public override string ToString() => $"{Nested(Left)} {Operator.Sign()} {Nested(Right)}";
    }

    /// <summary>Two or more conditions, of which all or any are to hold.</summary>
    public sealed record Logic(bool IsAll, IReadOnlyList<QueryExpression> Conditions) : QueryExpression
    {
        public bool Equals(Logic? other) => other is not null && IsAll == other.IsAll && Conditions.SequenceEqual(other.Conditions);

        public override int GetHashCode() => HashCode.Combine(IsAll, Conditions.Count);

        public override string ToString() => string.Join(IsAll ? " AND " : " OR ", Conditions.Select(Nested));
    }

    public sealed record Not(QueryExpression Condition) : QueryExpression
    {
        public override string ToString() => $"NOT {Nested(Condition)}";
    }

    /// <summary>Whether the value is one of the list; of none, when <see cref="IsNone"/>.</summary>
    public sealed record Among(QueryExpression Value, IReadOnlyList<QueryValue> Choices, bool IsNone) : QueryExpression
    {
        public bool Equals(Among? other) =>
            other is not null && IsNone == other.IsNone && Value.Equals(other.Value) && Choices.SequenceEqual(other.Choices);

        public override int GetHashCode() => HashCode.Combine(Value, IsNone, Choices.Count);

        public override string ToString() => $"{Nested(Value)} {(IsNone ? "NIN" : "IN")} [{string.Join(", ", Choices)}]";
    }

    public sealed record Call(QueryFunction Function, IReadOnlyList<QueryExpression> Arguments) : QueryExpression
    {
        public bool Equals(Call? other) => other is not null && Function == other.Function && Arguments.SequenceEqual(other.Arguments);

        public override int GetHashCode() => HashCode.Combine(Function.Name, Arguments.Count);

        public override string ToString() => $"{Function.Name}({string.Join(", ", Arguments)})";
    }

    /// <summary>A value over all rows of a group.</summary>
    /// <param name="Kind">How it is made.</param>
    /// <param name="Operand">Of what; null for COUNT of rows.</param>
    public sealed record Aggregate(QueryAggregate Kind, QueryExpression? Operand) : QueryExpression
    {
        public override string ToString() => $"{Kind.ToString().ToUpperInvariant()}({Operand})";
    }

    private static string Nested(QueryExpression expression) =>
        expression is Literal or Member or Call or Aggregate or Negated ? expression.ToString() : $"({expression})";
}
