namespace Perennial.Hub.Queries;

/// <summary>The rules of a query as a whole.</summary>
internal static class QueryRules
{
    public static Query Check(Query query)
    {
        if (query.GroupBy.Count > 0 && query.IsAll)
        {
            throw Fault("SELECT * cannot be grouped.", "Select the paths of GROUP BY, and aggregates.");
        }

        if (query.IsAggregate && query.Projections.FirstOrDefault(projection => !IsOfGroups(query, projection)) is { } single)
        {
            throw Fault($"'{single.Expression}' differs between the rows of a group.", $"Add it to GROUP BY, or take it out.");
        }

        var names = query.Projections.Select((projection, i) => projection.NameAt(i + 1)).ToList();
        return names.Distinct(StringComparer.Ordinal).Count() == names.Count
            ? query
            : throw Fault("Two members of the results have one name.", "Name them apart with AS.");
    }

    private static bool IsOfGroups(Query query, QueryProjection projection) => projection.Expression switch
    {
        QueryExpression.Aggregate or QueryExpression.Literal => true,
        QueryExpression.Member member => query.GroupBy.Contains(member.Path),
        _ => false,
    };

    private static QueryFaultException Fault(string message, string remedy) => new(new QueryFault(0, message, remedy));
}
