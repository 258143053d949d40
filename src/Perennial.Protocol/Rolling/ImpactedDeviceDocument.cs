using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>What a change of trust would do to one device.</summary>
public sealed record ImpactedDeviceDocument : IWireDocument<ImpactedDeviceDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<ImpactedDeviceDocument> IWireDocument<ImpactedDeviceDocument>.TypeInfo => RollingJson.Default.ImpactedDeviceDocument;

    /// <summary>The registration id.</summary>
    public required string RegistrationId { get; init; }

    /// <summary>What it does.</summary>
    public required ImpactOutcome Outcome { get; init; }

    /// <summary>Until when the device is accepted after the change; left out when it is refused, or nothing is known.</summary>
    public DateTimeOffset? UntilUtc { get; init; }

    /// <summary>The number of the refusal that it would get.</summary>
    public int? Refusal { get; init; }
}
