using Perennial.Hub.Devices;

namespace Perennial.Hub.Queries;

/// <summary>Finds the narrowest range for a query: what must hold of deviceId, connectionState and status. Pure.</summary>
public static class TwinPlan
{
    /// <param name="query">The query; its condition is checked on each row all the same.</param>
    /// <param name="connected">The ids of what is connected, asked for only when that narrows the range.</param>
    public static TwinRange Of(Query query, Func<IEnumerable<DeviceId>> connected)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(connected);
        var range = new TwinRange { IsModules = query.Source == QuerySource.Modules };
        var needed = Conjuncts(query.Where).ToList();
        if (Texts(needed, "deviceId") is { } names)
        {
            var ids = Sorted(names.Select(name => DeviceId.TryParse(name, out var id) ? id : null).OfType<DeviceId>());
            return !range.IsModules ? range with { Ids = ids }
                : ids.Count == 1 ? range with { Owner = ids[0] }
                : ids.Count == 0 ? range with { Ids = [] }
                : range;
        }

        if (Texts(needed, "connectionState") is ["Connected"])
        {
            return range with { Ids = Sorted(connected().Where(id => id.IsModule == range.IsModules)) };
        }

        return !range.IsModules && Texts(needed, "status") is [var status] ? range with { IsEnabled = status == "enabled" } : range;
    }

    /// <summary>The texts that a member of each row must be one of; null when the query says nothing of it.</summary>
    public static IReadOnlyList<string>? TextsOf(Query query, string member)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Texts([.. Conjuncts(query.Where)], member);
    }

    /// <summary>The status that is the whole condition of the query; null when there is another condition.</summary>
    public static string? OnlyStatus(Query query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Where is { } where && Texts([where], "status") is [var status] ? status : null;
    }

    private static IEnumerable<QueryExpression> Conjuncts(QueryExpression? expression) => expression switch
    {
        null => [],
        QueryExpression.Logic { IsAll: true } all => all.Conditions.SelectMany(Conjuncts),
        _ => [expression],
    };

    /// <summary>The texts that a member must be one of; null when nothing is said of it.</summary>
    private static List<string>? Texts(IReadOnlyList<QueryExpression> needed, string member)
    {
        foreach (var expression in needed)
        {
            var choices = expression switch
            {
                QueryExpression.Comparison { Operator: QueryComparison.Equal, Left: QueryExpression.Member { Path: var path }, Right: QueryExpression.Literal literal }
                    when path.Is(member) => [literal.Value],
                QueryExpression.Comparison { Operator: QueryComparison.Equal, Right: QueryExpression.Member { Path: var path }, Left: QueryExpression.Literal literal }
                    when path.Is(member) => [literal.Value],
                QueryExpression.Among { IsNone: false, Value: QueryExpression.Member { Path: var path } } among when path.Is(member) => among.Choices,
                _ => null,
            };
            if (choices is not null)
            {
                return [.. choices.Where(choice => choice.Kind == QueryValueKind.Text).Select(choice => choice.Text).Distinct(StringComparer.Ordinal)];
            }
        }

        return null;
    }

    private static List<DeviceId> Sorted(IEnumerable<DeviceId> ids) => [.. ids.OrderBy(id => id.Value, StringComparer.Ordinal)];
}
