using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Perennial.Server.Hubs;

/// <summary>The generated JSON of <see cref="TwinNodes"/>.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class TwinJson : JsonSerializerContext;
