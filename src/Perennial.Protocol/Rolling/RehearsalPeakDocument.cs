namespace Perennial.Protocol.Rolling;

/// <summary>The busiest minute of each part of the service, its usual work included.</summary>
public sealed record RehearsalPeakDocument
{
    /// <summary>Certificates issued.</summary>
    public required long Issuances { get; init; }

    /// <summary>Registrations.</summary>
    public required long Registrations { get; init; }

    /// <summary>Handshakes.</summary>
    public required long Handshakes { get; init; }
}
