using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perennial.Server.Notices;

/// <summary>Something that operators want to be told.</summary>
/// <param name="Id">Unique; a receiver that sees it twice has seen it.</param>
/// <param name="Subject">What it is about. A second notice about the same is not made.</param>
/// <param name="Kind">One kind.</param>
/// <param name="At">When it was made.</param>
/// <param name="Body">JSON: <c>type</c>, <c>timestamp</c> and <c>data</c>, no secrets.</param>
internal sealed record Notice(string Id, string Subject, NoticeKind Kind, DateTimeOffset At, string Body)
{
    public static Notice Create(NoticeKind kind, string subject, DateTimeOffset at, JsonObject data)
    {
        var body = new JsonObject
        {
            ["type"] = NoticeNames.Of(kind),
            ["timestamp"] = JsonSerializer.SerializeToNode(at.UtcDateTime),
            ["data"] = data,
        };
        return new Notice($"msg_{Guid.CreateVersion7(at):N}", subject, kind, at, body.ToJsonString());
    }
}
