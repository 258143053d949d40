using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perennial.Server.Portal.Trail;

/// <summary>Tells two JSON texts apart, value by value.</summary>
internal static class CompareDocuments
{
    private static readonly JsonSerializerOptions Lines = new() { WriteIndented = true };

    /// <summary>The values that differ, by path. What is no JSON is one value without a path.</summary>
    public static IReadOnlyList<ChangedValue> Run(string? before, string? after)
    {
        var (old, next) = (Values(before), Values(after));
        return
        [
            .. old.Keys.Union(next.Keys).Order(StringComparer.Ordinal)
                .Select(path => new ChangedValue(path, old.GetValueOrDefault(path), next.GetValueOrDefault(path)))
                .Where(change => !string.Equals(change.Before, change.After, StringComparison.Ordinal)),
        ];
    }

    /// <summary>The same JSON with a line for each value; a text that is none stays as it is.</summary>
    public static string? Spread(string? json) => json is null ? null : Parse(json)?.ToJsonString(Lines) ?? json;

    private static Dictionary<string, string> Values(string? json)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (json is not null)
        {
            Add(values, string.Empty, Parse(json) ?? JsonValue.Create(json));
        }

        return values;
    }

    private static void Add(Dictionary<string, string> values, string path, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                foreach (var (name, member) in members)
                {
                    Add(values, path.Length == 0 ? name : $"{path}.{name}", member);
                }

                break;
            case JsonArray { Count: > 0 } items:
                for (var i = 0; i < items.Count; i++)
                {
                    Add(values, FormattableString.Invariant($"{path}[{i}]"), items[i]);
                }

                break;
            default:
                values[path] = node?.ToString() ?? "null";
                break;
        }
    }

    private static JsonNode? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
