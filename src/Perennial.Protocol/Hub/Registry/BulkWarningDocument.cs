namespace Perennial.Protocol.Hub.Registry;

/// <summary>A change of a bulk request that was made in part. Source: hub-protocol §4.6.</summary>
public sealed record BulkWarningDocument
{
    /// <summary>The one code that clients know: the device was made, its tags and desired properties were not acceptable.</summary>
    public const string DeviceRegisteredWithoutTwin = "DeviceRegisteredWithoutTwin";

    /// <summary>The device.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The code.</summary>
    public required string WarningCode { get; init; }

    /// <summary>What the caller may know.</summary>
    public required string WarningStatus { get; init; }
}
