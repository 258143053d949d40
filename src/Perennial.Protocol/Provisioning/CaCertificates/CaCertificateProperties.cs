namespace Perennial.Protocol.Provisioning.CaCertificates;

/// <summary>What is known of a CA certificate. Times are in the form of RFC 1123. Source: dps-protocol §8.2.</summary>
public sealed record CaCertificateProperties
{
    /// <summary>The subject, for instance <c>CN=root, O=x</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The end of its validity.</summary>
    public required string Expiry { get; init; }

    /// <summary>SHA-1 of the DER, upper-case hex.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>Whether it counts: an unverified one attests no device.</summary>
    public required bool IsVerified { get; init; }

    /// <summary>Base64 of the DER.</summary>
    public required string Certificate { get; init; }

    /// <summary>When it was uploaded.</summary>
    public required string Created { get; init; }

    /// <summary>When it last changed.</summary>
    public required string Updated { get; init; }

    /// <summary>The common name of the proof that is waited for; only in the answer to the request that made it.</summary>
    public string? VerificationCode { get; init; }
}
