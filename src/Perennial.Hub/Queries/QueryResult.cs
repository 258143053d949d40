namespace Perennial.Hub.Queries;

/// <summary>One result of a query.</summary>
public abstract record QueryResult
{
    private QueryResult()
    {
    }

    /// <summary>The row as it is.</summary>
    public sealed record Whole(IQueryRow Row) : QueryResult;

    /// <summary>What was selected, by name; what came to nothing is left out.</summary>
    public sealed record Members(IReadOnlyList<KeyValuePair<string, QueryValue>> Values) : QueryResult;
}
