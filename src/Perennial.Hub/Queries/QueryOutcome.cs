namespace Perennial.Hub.Queries;

/// <summary>What comes of asking for a page.</summary>
public abstract record QueryOutcome
{
    private QueryOutcome()
    {
    }

    /// <param name="Items">The results.</param>
    /// <param name="Next">Where the next page begins; null when this is the last.</param>
    public sealed record Page(IReadOnlyList<QueryResult> Items, QueryCursor? Next) : QueryOutcome;

    public sealed record Refused(QueryFault Fault) : QueryOutcome;
}
