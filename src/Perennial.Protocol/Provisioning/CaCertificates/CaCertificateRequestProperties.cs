namespace Perennial.Protocol.Provisioning.CaCertificates;

/// <summary>What an upload says. Source: dps-protocol §8.2.</summary>
public sealed record CaCertificateRequestProperties
{
    /// <summary>The certificate: PEM, base64 DER, or base64 of PEM.</summary>
    public string? Certificate { get; init; }

    /// <summary>Whether the caller vouches for it, so that no proof of possession is asked for.</summary>
    public bool? IsVerified { get; init; }
}
