namespace Perennial.Protocol.Rolling;

/// <summary>A device that has not been seen with the certificate it is to use.</summary>
public sealed record UnprovenDeviceDocument
{
    /// <summary>The device.</summary>
    public required string RegistrationId { get; init; }

    /// <summary>Its last accepted sighting; left out when there is none.</summary>
    public DateTimeOffset? LastSeenUtc { get; init; }
}
