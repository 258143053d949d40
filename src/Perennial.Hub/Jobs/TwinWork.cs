using System.Text.Json;
using Perennial.Hub.Twins;

namespace Perennial.Hub.Jobs;

/// <summary>The change of a twin that a job makes: <c>{"tags":{…},"properties":{"desired":{…}}}</c>.</summary>
internal static class TwinWork
{
    public static bool TryRead(JsonElement work, out TwinPatch? tags, out TwinPatch? desired, [NotNullWhen(false)] out TwinFault? fault)
    {
        desired = null;
        return TryRead(Member(work, "tags"), out tags, out fault)
            && TryRead(Member(Member(work, "properties"), "desired"), out desired, out fault);
    }

    private static JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? member : default;

    private static bool TryRead(JsonElement json, out TwinPatch? patch, [NotNullWhen(false)] out TwinFault? fault)
    {
        (patch, fault) = (null, null);
        return json.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null || TwinPatch.TryCreate(json, out patch, out fault);
    }
}
