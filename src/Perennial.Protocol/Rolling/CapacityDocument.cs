using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>What the service was measured to bear; what was not measured is left out.</summary>
public sealed record CapacityDocument : IWireDocument<CapacityDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<CapacityDocument> IWireDocument<CapacityDocument>.TypeInfo => RollingJson.Default.CapacityDocument;

    /// <summary>Certificates that the slowest of the issuing authorities signs.</summary>
    public CapacityFigureDocument? Authority { get; init; }

    /// <summary>Registrations.</summary>
    public CapacityFigureDocument? Provisioning { get; init; }

    /// <summary>Connections to hubs.</summary>
    public CapacityFigureDocument? Hub { get; init; }
}
