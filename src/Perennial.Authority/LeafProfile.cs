using System.Net;

namespace Perennial.Authority;

/// <summary>What the certificate of a device or a server shall say.</summary>
public sealed record LeafProfile
{
    /// <summary>Its one common name; for a device the registration id. 1 to 64 characters.</summary>
    public required string CommonName { get; init; }

    /// <summary>What it is for.</summary>
    public LeafPurpose Purpose { get; init; } = LeafPurpose.Client;

    /// <summary>How long it is valid; never longer than its issuer. Default 90 days.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>DNS names; a server is found under these and never under its common name.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];

    /// <summary>IP addresses a server is found under.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The kind of its key.</summary>
    public Keys.KeyAlgorithm KeyAlgorithm { get; init; } = Keys.KeyAlgorithm.P256;
}
