namespace Perennial.Provisioning.Registrations;

/// <summary>A device identity that moved away from a hub outside this process and is still to be deleted there.</summary>
public sealed record Departure(string HubHostName, string DeviceId, RegistrationId Registration);
