namespace Perennial.Hub.Queries;

/// <summary>One member of a result.</summary>
/// <param name="Expression">What it comes to.</param>
/// <param name="Alias">What it is called; null when the query does not say.</param>
public sealed record QueryProjection(QueryExpression Expression, string? Alias)
{
    /// <summary>What it is called at this place: the alias, the last name of a path, or <c>$</c> and the place.</summary>
    public string NameAt(int place) => Alias ?? (Expression as QueryExpression.Member)?.Path.Last ?? $"${place}";

    public override string ToString() => Alias is null ? $"{Expression}" : $"{Expression} AS {new QueryPath([Alias])}";
}
