using Perennial.Authority.Keys;

namespace Perennial.Authority.Authorities;

/// <summary>What an operator wants of an issuing authority and its root.</summary>
public sealed record AuthorityWishes
{
    /// <summary>The issuer that profiles will name.</summary>
    public required string IssuerName { get; init; }

    /// <summary>The kind of the new keys.</summary>
    public KeyAlgorithm Algorithm { get; init; } = KeyAlgorithm.P256;

    /// <summary>The token to keep the new keys on, a <c>pkcs11:</c> URI without an object; null for files.</summary>
    public KeyAddress? Token { get; init; }

    /// <summary>How long a new root is valid. Default 20 years.</summary>
    public TimeSpan RootValidity { get; init; } = TimeSpan.FromDays(20 * 365);

    /// <summary>How long the issuing authority is valid. Default 10 years.</summary>
    public TimeSpan Validity { get; init; } = TimeSpan.FromDays(10 * 365);

    /// <summary>Whether the authority is prepared with its certificate, and issues nothing until a roll makes it the active one.</summary>
    public bool Stage { get; init; }

    /// <summary>Whether a new root is made though there is one.</summary>
    public bool NewRoot { get; init; }
}
