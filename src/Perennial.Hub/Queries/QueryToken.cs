namespace Perennial.Hub.Queries;

/// <summary>One word, value or sign of a query.</summary>
internal readonly record struct QueryToken
{
    public required QueryTokenKind Kind { get; init; }

    /// <summary>Where it begins, in characters from 1.</summary>
    public required int Position { get; init; }

    /// <summary>As written; of a text, what stands between the quotes.</summary>
    public required string Text { get; init; }

    public double Number { get; init; }

    public QueryPath? Path { get; init; }

    public bool IsSign(string sign) => Kind == QueryTokenKind.Sign && Text == sign;

    public bool IsWord(string word) => Kind == QueryTokenKind.Word && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The kinds of token.</summary>
internal enum QueryTokenKind
{
    End,
    Word,
    Path,
    Text,
    Number,
    Sign,
}
