namespace Perennial.Server.Portal.Certificates;

/// <summary>A certificate profile in a list.</summary>
/// <param name="Name">What enrollments call it.</param>
/// <param name="Issuer">Who signs.</param>
/// <param name="Validity">How long a certificate is valid.</param>
/// <param name="AllowsSelfRoll">Whether devices place their next certificate themselves.</param>
public sealed record ProfileLine(string Name, string Issuer, TimeSpan Validity, bool AllowsSelfRoll);
