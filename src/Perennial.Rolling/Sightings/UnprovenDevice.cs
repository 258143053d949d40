namespace Perennial.Rolling.Sightings;

/// <summary>A device that has not been seen with the certificate it is to use.</summary>
/// <param name="RegistrationId">The device.</param>
/// <param name="LastSeen">Its last accepted sighting, or null when there is none.</param>
public sealed record UnprovenDevice(string RegistrationId, DateTimeOffset? LastSeen);
