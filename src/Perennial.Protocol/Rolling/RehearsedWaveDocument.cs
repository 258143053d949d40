namespace Perennial.Protocol.Rolling;

/// <summary>A wave, as it went in a rehearsal.</summary>
public sealed record RehearsedWaveDocument
{
    /// <summary>Its number; 0 is the canary.</summary>
    public required int Wave { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>Devices that were offered the new certificate.</summary>
    public required long Devices { get; init; }
}
