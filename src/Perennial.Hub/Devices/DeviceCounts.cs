namespace Perennial.Hub.Devices;

/// <summary>How many devices the registry holds.</summary>
public sealed record DeviceCounts(long Enabled, long Disabled)
{
    public long Total => Enabled + Disabled;
}
