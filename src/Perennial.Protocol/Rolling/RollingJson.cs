using System.Text.Json.Serialization;

namespace Perennial.Protocol.Rolling;

/// <summary>The generated JSON of the rolling API, which is Perennial's own.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(ProofDocument))]
[JsonSerializable(typeof(SightingDocument))]
[JsonSerializable(typeof(RollWindowDocument))]
[JsonSerializable(typeof(RollReportDocument))]
[JsonSerializable(typeof(ImpactDocument))]
[JsonSerializable(typeof(BlockDocument))]
[JsonSerializable(typeof(BlockRequestDocument))]
[JsonSerializable(typeof(BreachDocument))]
[JsonSerializable(typeof(BreachRequestDocument))]
[JsonSerializable(typeof(BreachBlockDocument))]
[JsonSerializable(typeof(BreachRollDocument))]
[JsonSerializable(typeof(RollDocument))]
[JsonSerializable(typeof(RollDeviceDocument))]
[JsonSerializable(typeof(RollRequestDocument))]
[JsonSerializable(typeof(ExpiryDocument))]
[JsonSerializable(typeof(RollStartDocument))]
[JsonSerializable(typeof(RollHasteDocument))]
[JsonSerializable(typeof(CapacityDocument))]
[JsonSerializable(typeof(RehearseRequestDocument))]
[JsonSerializable(typeof(RehearsalDocument))]
[JsonSerializable(typeof(LostDeviceDocument))]
[JsonSerializable(typeof(WaiverDocument))]
[JsonSerializable(typeof(ImpactedDeviceDocument))]
internal sealed partial class RollingJson : JsonSerializerContext;
