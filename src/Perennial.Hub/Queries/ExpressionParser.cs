namespace Perennial.Hub.Queries;

/// <summary>Reads expressions: OR over AND over NOT over comparisons over sums over products over single values.</summary>
internal sealed class ExpressionParser(QueryTokens tokens)
{
    private const string ValueRemedy = "Write a path, a number, a text in quotes, TRUE, FALSE, NULL or a function.";

    private int _depth;

    /// <summary>A condition, or any expression without aggregates.</summary>
    public QueryExpression Read() => Nest(ReadAny);

    /// <summary>A member of the results: an aggregate or an expression without.</summary>
    public QueryExpression ReadSelected()
    {
        if (tokens.Current is not { Kind: QueryTokenKind.Path, Path: { Segments.Count: 1 } path }
            || path.First != tokens.Current.Text || !QueryWords.IsTaken(path.First)
            || !Enum.TryParse<QueryAggregate>(path.First, ignoreCase: true, out var kind))
        {
            return Read();
        }

        tokens.Advance();
        tokens.ExpectSign("(", "An aggregate is written COUNT(), AVG(path), SUM(path), MIN(path) or MAX(path).");
        var operand = tokens.Current.IsSign(")") || (kind == QueryAggregate.Count && tokens.TrySign("*")) ? null : Read();
        if (operand is null && kind != QueryAggregate.Count)
        {
            throw tokens.Unexpected("Only COUNT goes without a path.");
        }

        tokens.ExpectSign(")", "The aggregate is closed with ).");
        return new QueryExpression.Aggregate(kind, operand);
    }

    public QueryPath ReadPath()
    {
        if (tokens.Current is not { Kind: QueryTokenKind.Path, Path: { } path })
        {
            throw tokens.Unexpected("Here stands a path, for instance tags.site; names that are words of the language are written [[name]].");
        }

        tokens.Advance();
        return WithoutSource(path);
    }

    private QueryExpression ReadAny() => ReadLogic("OR", isAll: false, () => ReadLogic("AND", isAll: true, ReadNot));

    private QueryExpression ReadLogic(string word, bool isAll, Func<QueryExpression> read)
    {
        var first = read();
        if (!tokens.Current.IsWord(word))
        {
            return first;
        }

        var conditions = new List<QueryExpression> { first };
        while (tokens.TryWord(word))
        {
            conditions.Add(read());
        }

        return new QueryExpression.Logic(isAll, conditions);
    }

    private QueryExpression ReadNot() => tokens.TryWord("NOT") ? new QueryExpression.Not(Nest(ReadNot)) : ReadComparison();

    private QueryExpression ReadComparison()
    {
        var left = ReadSum();
        if (tokens.Current.Kind == QueryTokenKind.Sign && QueryComparisonSigns.OfSign(tokens.Current.Text) is { } comparison)
        {
            tokens.Advance();
            return new QueryExpression.Comparison(comparison, left, ReadSum());
        }

        if (tokens.TryWord("NOT"))
        {
            tokens.Expect("IN", "Behind a value NOT stands only before IN.");
            return new QueryExpression.Not(new QueryExpression.Among(left, ReadChoices(), IsNone: false));
        }

        return tokens.TryWord("IN") ? new QueryExpression.Among(left, ReadChoices(), IsNone: false)
            : tokens.TryWord("NIN") ? new QueryExpression.Among(left, ReadChoices(), IsNone: true)
            : left;
    }

    private List<QueryValue> ReadChoices()
    {
        tokens.ExpectSign("[", "A list is written ['a', 'b'].");
        var choices = new List<QueryValue>();
        do
        {
            choices.Add(ReadConstant() ?? ReadNegative() ?? throw tokens.Unexpected("A list holds numbers, texts in quotes, TRUE, FALSE and NULL."));
        }
        while (tokens.TrySign(","));
        tokens.ExpectSign("]", "The list is closed with ].");
        return choices;
    }

    private QueryExpression ReadSum() => ReadChain("+", "-", null, () => ReadChain("*", "/", "%", ReadUnary));

    private QueryExpression ReadChain(string first, string second, string? third, Func<QueryExpression> read)
    {
        var (left, depth) = (read(), _depth);
        while (tokens.Current is { Kind: QueryTokenKind.Sign, Text: var sign } && (sign == first || sign == second || sign == third))
        {
            Deepen();
            tokens.Advance();
            left = new QueryExpression.Arithmetic(sign[0], left, read());
        }

        _depth = depth;
        return left;
    }

    private QueryExpression ReadUnary() =>
        ReadConstant() is { } constant ? new QueryExpression.Literal(constant)
        : tokens.TrySign("-") ? ReadNegated()
        : ReadPrimary();

    private QueryExpression ReadNegated() =>
        ReadConstant(QueryTokenKind.Number) is { } number ? new QueryExpression.Literal(QueryValue.Of(-number.Number)) : new QueryExpression.Negated(Nest(ReadUnary));

    private QueryValue? ReadNegative() =>
        tokens.TrySign("-") && ReadConstant(QueryTokenKind.Number) is { } number ? QueryValue.Of(-number.Number) : null;

    // A sign before a number is part of it.
    private QueryValue? ReadConstant(QueryTokenKind kind) => tokens.Current.Kind == kind ? ReadConstant() : null;

    private QueryExpression ReadPrimary()
    {
        if (tokens.TrySign("("))
        {
            var inner = Nest(ReadAny);
            tokens.ExpectSign(")", "The parenthesis is closed with ).");
            return inner;
        }

        if (tokens.Current is not { Kind: QueryTokenKind.Path } named)
        {
            throw tokens.Unexpected(ValueRemedy);
        }

        var path = ReadPath();
        return tokens.TrySign("(") ? ReadCall(named) : new QueryExpression.Member(path);
    }

    private QueryExpression.Call ReadCall(QueryToken named)
    {
        var function = QueryFunction.Find(named.Text) ?? throw new QueryFaultException(new QueryFault(
            named.Position, $"There is no function '{named.Text}' here.", $"There are {string.Join(", ", QueryFunction.Names)}; aggregates stand after SELECT alone."));
        var arguments = new List<QueryExpression>();
        while (!tokens.TrySign(")"))
        {
            if (arguments.Count > 0)
            {
                tokens.ExpectSign(",", "Arguments are parted by commas, and the call is closed with ).");
            }

            arguments.Add(Nest(ReadAny));
        }

        return arguments.Count >= function.Fewest && arguments.Count <= function.Most
            ? new QueryExpression.Call(function, arguments)
            : throw new QueryFaultException(new QueryFault(
                named.Position, $"{function} got {arguments.Count} arguments.", $"It takes {(function.Fewest == function.Most ? $"{function.Fewest}" : $"{function.Fewest} to {function.Most}")}."));
    }

    private QueryValue? ReadConstant()
    {
        var token = tokens.Current;
        QueryValue? constant = token.Kind switch
        {
            QueryTokenKind.Text => QueryValue.Of(token.Text),
            QueryTokenKind.Number => QueryValue.Of(token.Number),
            QueryTokenKind.Word when token.IsWord("TRUE") => QueryValue.Of(true),
            QueryTokenKind.Word when token.IsWord("FALSE") => QueryValue.Of(false),
            QueryTokenKind.Word when token.IsWord("NULL") => QueryValue.Null,
            _ => null,
        };
        if (constant is not null)
        {
            tokens.Advance();
        }

        return constant;
    }

    /// <summary>The source may stand before a path: devices.deviceId, devices.jobs.jobId.</summary>
    private static QueryPath WithoutSource(QueryPath path)
    {
        var source = path.First != "devices" ? 0 : path.Segments.Count > 2 && path.Segments[1] is "jobs" or "modules" ? 2 : 1;
        return source > 0 && path.Segments.Count > source ? new QueryPath([.. path.Segments.Skip(source)]) : path;
    }

    private QueryExpression Nest(Func<QueryExpression> read)
    {
        Deepen();
        var expression = read();
        _depth--;
        return expression;
    }

    private void Deepen()
    {
        if (++_depth > QueryLimits.MaxDepth)
        {
            throw new QueryFaultException(new QueryFault(
                tokens.Current.Position, "The expression is nested too deep.", $"At most {QueryLimits.MaxDepth} levels are read."));
        }
    }
}
