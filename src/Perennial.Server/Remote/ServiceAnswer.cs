using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perennial.Server.Remote;

/// <summary>What the server answered to one request.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The JSON; null when there is none.</param>
/// <param name="Continuation">Where the next page begins; null at the end.</param>
/// <param name="Date">The time at the server; null when it did not say.</param>
internal sealed record ServiceAnswer(int Status, JsonNode? Body, string? Continuation, DateTimeOffset? Date)
{
    private static readonly string[] MessageMembers = ["message", "errorMessage"];

    public bool IsDone => Status is >= 200 and < 300;

    /// <summary>The sentence in an error's document; empty when there is none.</summary>
    public string Message => Body is JsonObject document
        ? document.FirstOrDefault(member => MessageMembers.Contains(member.Key, StringComparer.OrdinalIgnoreCase)).Value?.ToString() ?? string.Empty
        : string.Empty;

    /// <summary>The one document that was asked for.</summary>
    public JsonObject Document => Body as JsonObject ?? throw new JsonException("The server answered with something else than a document.");
}
