namespace Perennial.Protocol.Provisioning;

/// <summary>The public keys a TPM proves itself by. Source: dps-protocol §4.3.</summary>
public sealed record TpmKeys
{
    /// <summary>The endorsement key, base64.</summary>
    public string? EndorsementKey { get; init; }

    /// <summary>The storage root key, base64.</summary>
    public string? StorageRootKey { get; init; }
}
