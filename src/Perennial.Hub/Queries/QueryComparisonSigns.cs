namespace Perennial.Hub.Queries;

/// <summary>The signs of comparisons.</summary>
internal static class QueryComparisonSigns
{
    public static QueryComparison? OfSign(string sign) => sign switch
    {
        "=" => QueryComparison.Equal,
        "!=" or "<>" => QueryComparison.NotEqual,
        "<" => QueryComparison.Less,
        "<=" => QueryComparison.LessOrEqual,
        ">" => QueryComparison.Greater,
        ">=" => QueryComparison.GreaterOrEqual,
        _ => null,
    };

    public static string Sign(this QueryComparison comparison) => comparison switch
    {
        QueryComparison.Equal => "=",
        QueryComparison.NotEqual => "!=",
        QueryComparison.Less => "<",
        QueryComparison.LessOrEqual => "<=",
        QueryComparison.Greater => ">",
        _ => ">=",
    };
}
