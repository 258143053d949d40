using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>What is about to be signed, recorded before it is.</summary>
public sealed record IssuanceIntent
{
    /// <summary>The issuer slot that will sign.</summary>
    public required string SlotId { get; init; }

    /// <summary>The serial number, upper-case hexadecimal digits; unique for the slot.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>The profile.</summary>
    public required string ProfileName { get; init; }

    /// <summary>The device.</summary>
    public required string CommonName { get; init; }

    /// <summary>SHA-256 of the device's public key.</summary>
    public required Thumbprint KeyThumbprint { get; init; }

    /// <summary>The bytes that will be signed.</summary>
    public required ReadOnlyMemory<byte> Planned { get; init; }

    /// <summary>The end of the validity.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Who asked.</summary>
    public required string Actor { get; init; }

    /// <summary>When it was asked.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What makes asking again the same request; null for none.</summary>
    public string? IdempotencyKey { get; init; }
}
