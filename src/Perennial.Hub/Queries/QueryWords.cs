using System.Collections.Frozen;

namespace Perennial.Hub.Queries;

/// <summary>The words of the language, read in any case.</summary>
internal static class QueryWords
{
    private static readonly FrozenSet<string> Keywords = new[]
    {
        "SELECT", "TOP", "FROM", "WHERE", "GROUP", "BY", "AS", "AND", "OR", "NOT", "IN", "NIN", "TRUE", "FALSE", "NULL",
        "ORDER", "LIKE", "JOIN", "DISTINCT", "HAVING", "LIMIT",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> Remedies = new Dictionary<string, string>
    {
        ["ORDER"] = "Results come by device id; sort them where they are read.",
        ["LIKE"] = "Use STARTSWITH(path, 'text'), ENDSWITH(path, 'text') or CONTAINS(path, 'text').",
        ["JOIN"] = "A query reads one of devices, devices.modules and devices.jobs.",
        ["DISTINCT"] = "Use GROUP BY with the path whose values are wanted.",
        ["HAVING"] = "Use WHERE, and filter groups where they are read.",
        ["LIMIT"] = "Use SELECT TOP n, or a page size.",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static bool IsKeyword(string text) => Keywords.Contains(text);

    /// <summary>Whether a name that begins a path is taken for something else unless it stands in brackets.</summary>
    public static bool IsTaken(string text) => IsKeyword(text) || (Enum.TryParse<QueryAggregate>(text, ignoreCase: true, out _) && !char.IsAsciiDigit(text[0]));

    /// <summary>What to write instead of a word that this language does not have.</summary>
    public static string? RemedyFor(string text) => Remedies.GetValueOrDefault(text);
}
