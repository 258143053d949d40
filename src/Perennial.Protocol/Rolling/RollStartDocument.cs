using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>How a roll is started.</summary>
public sealed record RollStartDocument : IWireDocument<RollStartDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<RollStartDocument> IWireDocument<RollStartDocument>.TypeInfo => RollingJson.Default.RollStartDocument;

    /// <summary>Why it is started though no rehearsal of its plan went before; left out when one did.</summary>
    public string? WithoutRehearsal { get; init; }
}
