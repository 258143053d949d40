namespace Perennial.Authority.Issuers;

/// <summary>Where an issuer slot stands. It goes forward only; each step is journaled.</summary>
public enum IssuerState
{
    /// <summary>It has a key and perhaps a certificate, and issues nothing yet.</summary>
    Prepared = 0,

    /// <summary>It issues. One slot of an issuer at a time does.</summary>
    Active = 1,

    /// <summary>It issues nothing any more; what it issued stays good.</summary>
    Old = 2,

    /// <summary>What it issued is no longer good.</summary>
    Revoked = 3,
}
