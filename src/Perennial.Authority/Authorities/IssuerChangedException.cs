namespace Perennial.Authority.Authorities;

/// <summary>An issuer was changed by somebody else between reading and saving; nothing was saved.</summary>
/// <param name="issuerName">The issuer.</param>
public sealed class IssuerChangedException(string issuerName)
    : Exception($"Issuer '{issuerName}' was changed by somebody else meanwhile. Look at it with perennial ca list, and try again.");
