namespace Perennial.Protocol.Rolling;

/// <summary>A roll halts when both are reached.</summary>
public sealed record HaltLimitDocument
{
    /// <summary>The share of the wave.</summary>
    public required double Share { get; init; }

    /// <summary>The number of devices.</summary>
    public required int Devices { get; init; }
}
