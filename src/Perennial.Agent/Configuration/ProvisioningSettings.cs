namespace Perennial.Agent.Configuration;

/// <summary>Where the device provisions, and as whom.</summary>
internal sealed record ProvisioningSettings
{
    public required string Host { get; init; }

    /// <summary>HTTPS; 443 when left out.</summary>
    public int Port { get; set; } = 443;

    public required string IdScope { get; init; }

    public required string RegistrationId { get; init; }
}
