using System.Text.Json;
using Perennial.Provisioning.Attestation;

namespace Perennial.Provisioning.Allocation;

/// <summary>What a custom allocation is asked about one device (dps-protocol §6.3).</summary>
public sealed record CustomAllocationQuestion
{
    public required AttestationVerdict.Accepted Verdict { get; init; }

    /// <summary>Host names of the hubs that it may choose.</summary>
    public required IReadOnlyList<string> Eligible { get; init; }

    /// <summary>Where the device is assigned now; null for none.</summary>
    public string? CurrentHub { get; init; }

    public string? CurrentDeviceId { get; init; }

    /// <summary>What the device sent along.</summary>
    public JsonElement? Payload { get; init; }
}
