using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>One line of the journal of signatures.</summary>
public sealed record IssuanceRecord
{
    /// <summary>The issuer slot.</summary>
    public required string SlotId { get; init; }

    /// <summary>The serial number, upper-case hexadecimal digits.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>The profile.</summary>
    public required string ProfileName { get; init; }

    /// <summary>The device.</summary>
    public required string CommonName { get; init; }

    /// <summary>SHA-256 of the device's public key.</summary>
    public required Thumbprint KeyThumbprint { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The end of the validity.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>What is known of the signature.</summary>
    public required IssuanceState State { get; init; }

    /// <summary>The certificate, once issued.</summary>
    public Certificate? Certificate { get; init; }
}
