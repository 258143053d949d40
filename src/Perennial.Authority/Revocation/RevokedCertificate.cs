namespace Perennial.Authority.Revocation;

/// <summary>One line of a revocation list.</summary>
/// <param name="SerialNumber">The serial number, upper-case hexadecimal digits.</param>
/// <param name="At">When it was revoked.</param>
/// <param name="Reason">Why.</param>
public sealed record RevokedCertificate(string SerialNumber, DateTimeOffset At, RevocationReason Reason);
