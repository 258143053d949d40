using Perennial.Provisioning.Registrations;

namespace Perennial.Server.Fleet;

/// <summary>A registration in a list.</summary>
/// <param name="Registration">It.</param>
/// <param name="Accepted">When its device was last accepted, at provisioning or at a hub; null when no sighting says so.</param>
public sealed record RegistrationRow(Registration Registration, DateTimeOffset? Accepted);
