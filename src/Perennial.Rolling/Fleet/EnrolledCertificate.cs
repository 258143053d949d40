using Perennial.X509;

namespace Perennial.Rolling.Fleet;

/// <summary>A certificate in a slot of a device's enrollment.</summary>
/// <param name="Thumbprint">Which.</param>
/// <param name="Ends">When its validity ends.</param>
public sealed record EnrolledCertificate(Thumbprint Thumbprint, DateTimeOffset Ends);
