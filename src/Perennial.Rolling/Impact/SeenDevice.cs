namespace Perennial.Rolling.Impact;

/// <summary>A device with the end of the leaf that it was last accepted with.</summary>
/// <param name="Device">The registration id.</param>
/// <param name="LeafEnd">The leaf's last second.</param>
/// <param name="Hub">The hub whose identity of the device follows its enrollment; null when there is none.</param>
public sealed record SeenDevice(string Device, DateTimeOffset LeafEnd, string? Hub);
