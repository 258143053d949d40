using Perennial.Rolling.Rolls;

namespace Perennial.Server.Portal.Registrations;

/// <summary>A roll that a device belongs to, and how it stands there.</summary>
public sealed record RolledDevice(Roll Roll, RollDevice Device);
