namespace Perennial.Server.Portal.Settings;

/// <summary>A webhook, without its keys.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where notices are sent.</param>
/// <param name="Kinds">What it is told of.</param>
/// <param name="IsEnabled">Whether it is told.</param>
/// <param name="ETag">What is stored now.</param>
public sealed record HookLine(string Name, string Address, IReadOnlyList<string> Kinds, bool IsEnabled, string ETag);
