namespace Perennial.Hub.Queries;

/// <summary>The bounds of a query, before and while it runs.</summary>
public static class QueryLimits
{
    /// <summary>Characters of the text.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>Parentheses, calls and chained arithmetic inside each other.</summary>
    public const int MaxDepth = 32;

    /// <summary>Names, values and operators in all.</summary>
    public const int MaxTerms = 2000;

    /// <summary>Names of one path.</summary>
    public const int MaxPathLength = 32;

    /// <summary>Items of the longest page.</summary>
    public const int MaxPage = 1000;

    /// <summary>Rows looked at for one page; a page that found less by then ends early and is gone on from.</summary>
    public const int MaxScan = 20_000;

    /// <summary>Rows of a grouping; they come on one page.</summary>
    public const int MaxGroups = 1000;
}
