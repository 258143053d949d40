using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perennial.Agent.Connections;

/// <summary>A direct method that the back end calls and waits for.</summary>
/// <param name="Name">The name of the method.</param>
/// <param name="RequestId">What the answer names.</param>
/// <param name="Payload">What it is called with; null when that is no JSON object.</param>
internal sealed record MethodCall(string Name, string RequestId, JsonObject? Payload)
{
    private const string Prefix = "$iothub/methods/POST/";
    private const string Query = "/?$rid=";
    private const int MaxLength = 16 * 1024;

    public static bool TryRead(string topic, ReadOnlySequence<byte> body, [NotNullWhen(true)] out MethodCall? call)
    {
        var query = topic.IndexOf(Query, StringComparison.Ordinal);
        call = topic.StartsWith(Prefix, StringComparison.Ordinal) && query > Prefix.Length
            ? new(topic[Prefix.Length..query], topic[(query + Query.Length)..], ReadPayload(body))
            : null;
        return call is not null;
    }

    private static JsonObject? ReadPayload(ReadOnlySequence<byte> body)
    {
        try
        {
            return body.Length <= MaxLength ? JsonNode.Parse(body.ToArray()) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
