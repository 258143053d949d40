using System.Text;
using System.Text.Json;

namespace Perennial.Hub.Twins;

/// <summary>The size of a twin section as it is bounded: names and values, without punctuation (hub-protocol §4.4).</summary>
internal static class TwinSize
{
    private const int NumberSize = 8;
    private const int TruthSize = 4;

    public static int Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Sum(property => Encoding.UTF8.GetByteCount(property.Name) + Of(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().Sum(Of),
        JsonValueKind.String => Encoding.UTF8.GetByteCount(element.GetString()!),
        JsonValueKind.Number => NumberSize,
        JsonValueKind.True or JsonValueKind.False => TruthSize,
        _ => 0,
    };
}
