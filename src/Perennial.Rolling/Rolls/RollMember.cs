using Perennial.X509;

namespace Perennial.Rolling.Rolls;

/// <summary>A device of a roll of leaves.</summary>
/// <param name="Device">The registration id, which is that of its individual enrollment.</param>
/// <param name="Old">The leaf that is to be retired.</param>
public sealed record RollMember(string Device, Thumbprint Old);
