using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>What an operator says of the fleet for a rehearsal; all of it may be left out.</summary>
public sealed record RehearseRequestDocument : IWireDocument<RehearseRequestDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<RehearseRequestDocument> IWireDocument<RehearseRequestDocument>.TypeInfo => RollingJson.Default.RehearseRequestDocument;

    /// <summary>A chain as devices will present it: PEM, leaf first. Left out: made out from devices that have moved, or from the profile.</summary>
    public string? Specimen { get; init; }

    /// <summary>The most bytes of certificates that devices hold. Default 4096; a device that has shown more holds more.</summary>
    public int? LargestChainBytes { get; init; }

    /// <summary>Clocks of devices are wrong by up to so many seconds, either way. Default 60.</summary>
    public double? ClockErrorSeconds { get; init; }

    /// <summary>Certificates that the issuing authority bears in a minute.</summary>
    public int? IssuancesPerMinute { get; init; }

    /// <summary>Registrations that the provisioning service bears in a minute. Left out: its limit, when it has one.</summary>
    public int? RegistrationsPerMinute { get; init; }

    /// <summary>Handshakes that the hubs bear in a minute.</summary>
    public int? HandshakesPerMinute { get; init; }

    /// <summary>Draws what is drawn. The same state and seed give the same rehearsal. Default 1.</summary>
    public int? Seed { get; init; }
}
