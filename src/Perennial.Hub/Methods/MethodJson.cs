using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perennial.Hub.Methods;

/// <summary>The generated JSON of method payloads: any element as it is.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class MethodJson : JsonSerializerContext;
