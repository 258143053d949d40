using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perennial.Server.Hubs;

/// <summary>Free JSON of twins, between the wire's nodes and the hub's elements.</summary>
internal static class TwinNodes
{
    public static JsonElement ToElement(JsonObject json) => JsonSerializer.SerializeToElement(json, TwinJson.Default.JsonObject);

    public static JsonObject ToObject(JsonElement json) => JsonObject.Create(json)!;

    public static byte[] ToUtf8(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json, TwinJson.Default.JsonObject);
}
