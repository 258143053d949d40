using System.Globalization;
using System.Text;

namespace Perennial.Hub.Queries;

/// <summary>A query, read (hub-protocol §8.2).</summary>
public sealed record Query
{
    /// <summary>The most results of all pages together; null for all.</summary>
    public int? Top { get; init; }

    /// <summary>The members of a result; empty for all of them.</summary>
    public IReadOnlyList<QueryProjection> Projections { get; init; } = [];

    public QuerySource Source { get; init; }

    public QueryExpression? Where { get; init; }

    public IReadOnlyList<QueryPath> GroupBy { get; init; } = [];

    public bool IsAll => Projections.Count == 0;

    /// <summary>Whether the results are made of many rows each.</summary>
    public bool IsAggregate => GroupBy.Count > 0 || Projections.Any(projection => projection.Expression is QueryExpression.Aggregate);

    /// <summary>Reads the text of a query.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Query? query, [NotNullWhen(false)] out QueryFault? fault)
    {
        query = null;
        fault = text switch
        {
            null or "" => new QueryFault(0, "The query is empty.", "Write for instance: SELECT * FROM devices"),
            { Length: > QueryLimits.MaxLength } => new QueryFault(0, "The query is too long.", $"At most {QueryLimits.MaxLength} characters are read."),
            _ => null,
        };
        if (fault is not null)
        {
            return false;
        }

        try
        {
            query = new QueryParser(text!).Read();
            return true;
        }
        catch (QueryFaultException exception)
        {
            fault = exception.Fault;
            return false;
        }
    }

    public bool Equals(Query? other) =>
        other is not null && Top == other.Top && Source == other.Source && Equals(Where, other.Where)
        && Projections.SequenceEqual(other.Projections) && GroupBy.SequenceEqual(other.GroupBy);

    public override int GetHashCode() => HashCode.Combine(Top, Source, Where, Projections.Count, GroupBy.Count);

    /// <summary>The text that reads as this query.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("SELECT ");
        _ = Top is { } top ? text.Append(CultureInfo.InvariantCulture, $"TOP {top} ") : text;
        text.Append(IsAll ? "*" : string.Join(", ", Projections)).Append(" FROM ").Append(NameOf(Source));
        _ = Where is null ? text : text.Append(" WHERE ").Append(Where);
        _ = GroupBy.Count == 0 ? text : text.Append(" GROUP BY ").AppendJoin(", ", GroupBy);
        return text.ToString();
    }

    internal static string NameOf(QuerySource source) => source switch
    {
        QuerySource.Modules => "devices.modules",
        QuerySource.Jobs => "devices.jobs",
        _ => "devices",
    };
}
