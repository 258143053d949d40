namespace Perennial.Hub.Queries;

/// <summary>A member of a row, by the names that lead to it. Names are compared with case.</summary>
public sealed class QueryPath(IReadOnlyList<string> segments) : IEquatable<QueryPath>
{
    public IReadOnlyList<string> Segments { get; } = segments;

    public string First => Segments[0];

    public string Last => Segments[^1];

    public bool Is(string name) => Segments.Count == 1 && string.Equals(First, name, StringComparison.Ordinal);

    public bool Equals(QueryPath? other) => other is not null && Segments.SequenceEqual(other.Segments, StringComparer.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as QueryPath);

    public override int GetHashCode() => Segments.Aggregate(0, (hash, segment) => HashCode.Combine(hash, StringComparer.Ordinal.GetHashCode(segment)));

    public override string ToString() => string.Join('.', Segments.Select((segment, i) => Shown(segment, i == 0)));

    private static string Shown(string segment, bool isFirst) =>
        segment.All(QueryLexer.IsNamePart) && (!isFirst || (!char.IsAsciiDigit(segment[0]) && !QueryWords.IsTaken(segment))) ? segment : $"[[{segment}]]";
}
