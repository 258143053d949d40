using System.Text.Json;

namespace Perennial.Protocol.Provisioning.Allocation;

/// <summary>The device that a custom allocation is asked about. Source: dps-protocol §6.3.</summary>
public sealed record DeviceRuntimeContextDocument
{
    /// <summary>Its registration id.</summary>
    public required string RegistrationId { get; init; }

    /// <summary>The hub it is assigned to, when it is.</summary>
    public string? CurrentIotHubHostName { get; init; }

    /// <summary>Its name on that hub.</summary>
    public string? CurrentDeviceId { get; init; }

    /// <summary>What it presented, when it came with a certificate.</summary>
    public X509RegistrationResult? X509 { get; init; }

    /// <summary>Present when it came with a symmetric key.</summary>
    public SymmetricKeyRegistrationResult? SymmetricKey { get; init; }

    /// <summary>Present when it came with a TPM.</summary>
    public TpmRegistrationResult? Tpm { get; init; }

    /// <summary>What it sent along.</summary>
    public JsonElement? Payload { get; init; }
}
