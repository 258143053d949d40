namespace Perennial.Authority.Revocation;

/// <summary>Why a certificate is revoked, RFC 5280 §5.3.1.</summary>
public enum RevocationReason
{
    /// <summary>Not said.</summary>
    Unspecified = 0,

    /// <summary>The key of a device is known to others.</summary>
    KeyCompromise = 1,

    /// <summary>The key of an authority is known to others.</summary>
    CaCompromise = 2,

    /// <summary>The name or the owner changed.</summary>
    AffiliationChanged = 3,

    /// <summary>Another certificate took its place.</summary>
    Superseded = 4,

    /// <summary>The device is no longer in use.</summary>
    CessationOfOperation = 5,
}
