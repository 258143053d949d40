using System.Text.Json.Serialization;

namespace Perennial.Protocol.Hub;

/// <summary>The generated JSON of messages, device twins and errors.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    MaxDepth = 32,
    Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(List<TelemetryBatchItem>))]
[JsonSerializable(typeof(TelemetryFeedLine))]
[JsonSerializable(typeof(DeviceTwinDocument))]
[JsonSerializable(typeof(FeedbackDocument))]
[JsonSerializable(typeof(HubErrorEnvelope))]
[JsonSerializable(typeof(HubErrorDocument))]
internal sealed partial class HubJson : JsonSerializerContext;
