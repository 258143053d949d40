namespace Perennial.Provisioning.Blocks;

/// <summary>How far a drain is.</summary>
/// <param name="Devices">Devices that had the credential when it began.</param>
/// <param name="Admitted">Those of them that had their turn.</param>
/// <param name="Ordered">Since when turns are given; null while the devices are put in order.</param>
public sealed record DrainProgress(long Devices, long Admitted, DateTimeOffset? Ordered);
