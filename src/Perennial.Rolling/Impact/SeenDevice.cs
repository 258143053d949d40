namespace Perennial.Rolling.Impact;

/// <summary>A device with the end of the leaf that it was last accepted with.</summary>
/// <param name="Device">The registration id.</param>
/// <param name="LeafEnd">The leaf's last second.</param>
/// <param name="Hub">The hub that has an identity of the device, as the chain's.</param>
public sealed record SeenDevice(string Device, DateTimeOffset LeafEnd, string? Hub);
