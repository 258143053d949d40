using Perennial.X509;

namespace Perennial.Server.Portal.Registrations;

/// <summary>One slot of a device's enrollment, as the device stands to it.</summary>
/// <param name="Name">Which slot.</param>
/// <param name="Certificate">What stands there; null when it is empty, or holds no certificate.</param>
/// <param name="LastUsed">When the device was last accepted by it.</param>
public sealed record SlotLine(string Name, Certificate? Certificate, DateTimeOffset? LastUsed);
