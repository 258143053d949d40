using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>How the roll for a breach is to go about it.</summary>
public sealed record BreachRollDocument : IWireDocument<BreachRollDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<BreachRollDocument> IWireDocument<BreachRollDocument>.TypeInfo => RollingJson.Default.BreachRollDocument;

    /// <summary>The plan; what is left out is as usual.</summary>
    public RollPlanDocument? Plan { get; init; }
}
