using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Perennial.Server.Mqtt;

/// <summary>Free JSON of twins.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class TwinJson : JsonSerializerContext;
