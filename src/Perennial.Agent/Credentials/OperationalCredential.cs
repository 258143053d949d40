using Perennial.Agent.Keys;

namespace Perennial.Agent.Credentials;

/// <summary>A certificate that the service issued to this device, and the place of its key.</summary>
internal sealed record OperationalCredential
{
    public required KeySlot Slot { get; init; }

    /// <summary>SHA-256 of the leaf.</summary>
    public required string Thumbprint { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>When it was received; a certificate may be dated back.</summary>
    public required DateTimeOffset Obtained { get; init; }
}
