namespace Perennial.Authority.Issuance;

/// <summary>What is known of a signature.</summary>
public enum IssuanceState
{
    /// <summary>It is about to be made, or was being made when the service stopped.</summary>
    Intended = 0,

    /// <summary>It was made, and the certificate is stored.</summary>
    Issued = 1,

    /// <summary>It was given up; the key may have signed all the same, and the certificate was never delivered.</summary>
    Abandoned = 2,

    /// <summary>The certificate was issued and is revoked.</summary>
    Revoked = 3,
}
