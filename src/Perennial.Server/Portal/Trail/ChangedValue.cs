namespace Perennial.Server.Portal.Trail;

/// <summary>A value that differs between the object before and after a change.</summary>
/// <param name="Path">Where it stands, names with dots between.</param>
/// <param name="Before">Null when there was none.</param>
/// <param name="After">Null when there is none.</param>
public sealed record ChangedValue(string Path, string? Before, string? After);
