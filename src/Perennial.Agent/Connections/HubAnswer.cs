using System.Buffers;
using Perennial.Protocol.Hub.Credentials;

namespace Perennial.Agent.Connections;

/// <summary>What the hub answers to a request: a status and a body.</summary>
internal sealed record HubAnswer(int Status, byte[] Body)
{
    private const string Query = "/?$rid=";

    public static bool TryRead(
        string topic, string twinPrefix, ReadOnlySequence<byte> body, [NotNullWhen(true)] out string? requestId, [NotNullWhen(true)] out HubAnswer? answer)
    {
        answer = null;
        if (CredentialTopic.TryParseAnswer(topic, out var status, out requestId) || TryReadTwin(topic, twinPrefix, out status, out requestId))
        {
            answer = new(status, body.ToArray());
        }

        return answer is not null;
    }

    private static bool TryReadTwin(string topic, string prefix, out int status, [NotNullWhen(true)] out string? requestId)
    {
        status = 0;
        requestId = null;
        var query = topic.IndexOf(Query, StringComparison.Ordinal);
        if (query < 0 || !topic.StartsWith(prefix, StringComparison.Ordinal)
            || !int.TryParse(topic.AsSpan(prefix.Length, query - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out status))
        {
            return false;
        }

        var rest = topic[(query + Query.Length)..];
        var end = rest.IndexOf('&', StringComparison.Ordinal);
        requestId = end < 0 ? rest : rest[..end];
        return true;
    }
}
