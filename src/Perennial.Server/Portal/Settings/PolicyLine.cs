namespace Perennial.Server.Portal.Settings;

/// <summary>An access policy in a list, without its keys.</summary>
/// <param name="Scope">The name of the hub; empty for the provisioning service.</param>
/// <param name="Name">Its name.</param>
/// <param name="Rights">What it allows.</param>
public sealed record PolicyLine(string Scope, string Name, IReadOnlyList<string> Rights);
