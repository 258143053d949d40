namespace Perennial.Hub.Queries;

/// <summary>The tokens of a query, one ahead.</summary>
internal sealed class QueryTokens
{
    private const int LongestShown = 40;

    private readonly QueryLexer _lexer;
    private int _terms;

    public QueryTokens(string text)
    {
        _lexer = new QueryLexer(text);
        Current = _lexer.Next();
    }

    public QueryToken Current { get; private set; }

    public void Advance()
    {
        if (++_terms > QueryLimits.MaxTerms)
        {
            throw new QueryFaultException(new QueryFault(
                Current.Position, "The query has too many terms.", $"At most {QueryLimits.MaxTerms} are read; ask in several queries."));
        }

        Current = _lexer.Next();
    }

    public bool TryWord(string word) => TryTake(Current.IsWord(word));

    public bool TrySign(string sign) => TryTake(Current.IsSign(sign));

    public void Expect(string word, string remedy)
    {
        if (!TryWord(word))
        {
            throw Unexpected(remedy);
        }
    }

    public void ExpectSign(string sign, string remedy)
    {
        if (!TrySign(sign))
        {
            throw Unexpected(remedy);
        }
    }

    /// <summary>The fault of a token that cannot stand where it does.</summary>
    public QueryFaultException Unexpected(string remedy)
    {
        var shown = Current.Text.Length <= LongestShown ? Current.Text : $"{Current.Text.AsSpan(0, LongestShown)}…";
        var message = Current.Kind == QueryTokenKind.End ? "The query ends too early." : $"'{shown}' cannot stand here.";
        return new QueryFaultException(new QueryFault(Current.Position, message, QueryWords.RemedyFor(Current.Text) ?? remedy));
    }

    private bool TryTake(bool isThere)
    {
        if (isThere)
        {
            Advance();
        }

        return isThere;
    }
}
