using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Protocol.Provisioning.Enrollments;

namespace Perennial.Server.Http;

/// <summary>The conditions of a query, checked on the documents that the query would answer with.</summary>
/// <param name="conditions">All of them must hold.</param>
internal sealed class QueryFilter(IReadOnlyList<QueryCondition> conditions)
{
    /// <summary>For so many objects the conditions are checked in one request; a page may end there, with a continuation.</summary>
    public const int MaxScanned = 1000;

    private static readonly string[] FreePrefixes = ["initialTwin.tags.", "initialTwin.properties.desired.", "optionalDeviceInformation.", "payload."];

    public bool IsEmpty => conditions.Count == 0;

    /// <summary>What is wrong with the conditions, in one sentence; null when each names a member that the objects have.</summary>
    public string? Fault(IReadOnlyList<string> fields)
    {
        var unknown = conditions.FirstOrDefault(condition => !fields.Contains(condition.Field, StringComparer.OrdinalIgnoreCase)
            && !FreePrefixes.Any(prefix => condition.Field.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));
        return unknown is null
            ? null
            : $"The query asks for '{unknown.Field}'. It can ask for {string.Join(", ", fields)}, and for members of initialTwin, "
              + "optionalDeviceInformation and payload.";
    }

    /// <summary>The one id that a condition demands; null when none does.</summary>
    public string? Demanded(string field) =>
        conditions.FirstOrDefault(condition => !condition.IsNegated && condition.Field.Equals(field, StringComparison.OrdinalIgnoreCase))?.Value;

    public bool Accepts(ReadOnlySpan<byte> document)
    {
        var root = IsEmpty ? null : JsonNode.Parse(document);
        return conditions.All(condition => Holds(condition, root));
    }

    private static bool Holds(QueryCondition condition, JsonNode? root)
    {
        var node = root;
        foreach (var name in condition.Field.Split('.'))
        {
            node = (node as JsonObject)?.FirstOrDefault(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        }

        var isEqual = node is JsonArray list ? list.Any(item => Is(item, condition.Value)) : Is(node, condition.Value);
        return isEqual != condition.IsNegated;
    }

    // Ids, host names and enumerations are compared without case everywhere in this API.
    private static bool Is(JsonNode? node, string value) => node is JsonValue && TextOf(node).Equals(value, StringComparison.OrdinalIgnoreCase);

    private static string TextOf(JsonNode node) =>
        node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
}
