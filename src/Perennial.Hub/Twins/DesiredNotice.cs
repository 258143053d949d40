using System.Text.Json;

namespace Perennial.Hub.Twins;

/// <summary>What a device is told of a change to its desired properties.</summary>
/// <param name="Version">The version of the desired properties after the change.</param>
/// <param name="Patch">What changed, null for what is gone; after a replacement the whole.</param>
public sealed record DesiredNotice(long Version, JsonElement Patch);
