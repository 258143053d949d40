using System.Globalization;

namespace Perennial.Hub.Queries;

/// <summary>Reads a query by recursive descent, bounded in depth and terms.</summary>
internal sealed class QueryParser
{
    private readonly QueryTokens _tokens;
    private readonly ExpressionParser _expressions;

    public QueryParser(string text)
    {
        _tokens = new QueryTokens(text);
        _expressions = new ExpressionParser(_tokens);
    }

    public Query Read()
    {
        _tokens.Expect("SELECT", "A query begins with SELECT.");
        var top = _tokens.TryWord("TOP") ? ReadTop() : (int?)null;
        var projections = _tokens.TrySign("*") ? [] : ReadList(ReadProjection);
        _tokens.Expect("FROM", "After the members comes FROM devices, FROM devices.modules or FROM devices.jobs.");
        var source = ReadSource();
        var where = _tokens.TryWord("WHERE") ? _expressions.Read() : null;
        var groups = ReadGroups();
        _tokens.TrySign(";");
        if (_tokens.Current.Kind != QueryTokenKind.End)
        {
            throw _tokens.Unexpected("The query is over here; WHERE comes before GROUP BY, and conditions are joined by AND or OR.");
        }

        return QueryRules.Check(new Query { Top = top, Projections = projections, Source = source, Where = where, GroupBy = groups });
    }

    private int ReadTop()
    {
        var token = _tokens.Current;
        if (token.Kind != QueryTokenKind.Number || !int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var top) || top == 0)
        {
            throw _tokens.Unexpected("After TOP comes a whole number from 1.");
        }

        _tokens.Advance();
        return top;
    }

    private QueryProjection ReadProjection()
    {
        var expression = _expressions.ReadSelected();
        return new QueryProjection(expression, _tokens.TryWord("AS") ? ReadAlias() : null);
    }

    private string ReadAlias()
    {
        var token = _tokens.Current;
        if (token.Kind is not (QueryTokenKind.Path or QueryTokenKind.Word) || token.Path is not { Segments.Count: 1 } path)
        {
            throw _tokens.Unexpected("After AS comes one name.");
        }

        _tokens.Advance();
        return path.First;
    }

    private QuerySource ReadSource()
    {
        var name = _tokens.Current.Kind == QueryTokenKind.Path ? _tokens.Current.Text : string.Empty;
        foreach (var source in Enum.GetValues<QuerySource>())
        {
            if (string.Equals(name, Query.NameOf(source), StringComparison.OrdinalIgnoreCase))
            {
                _tokens.Advance();
                return source;
            }
        }

        throw _tokens.Unexpected("A query reads devices, devices.modules or devices.jobs.");
    }

    private List<QueryPath> ReadGroups()
    {
        if (!_tokens.TryWord("GROUP"))
        {
            return [];
        }

        _tokens.Expect("BY", "After GROUP comes BY.");
        return ReadList(_expressions.ReadPath);
    }

    private List<T> ReadList<T>(Func<T> read)
    {
        var items = new List<T> { read() };
        while (_tokens.TrySign(","))
        {
            items.Add(read());
        }

        return items;
    }
}
