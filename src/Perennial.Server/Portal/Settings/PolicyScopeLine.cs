namespace Perennial.Server.Portal.Settings;

/// <summary>Whose policies.</summary>
/// <param name="Scope">The name of the hub; empty for the provisioning service.</param>
/// <param name="Title">In words.</param>
/// <param name="Rights">Every right that there is.</param>
/// <param name="Policies">Its policies.</param>
public sealed record PolicyScopeLine(string Scope, string Title, IReadOnlyList<string> Rights, IReadOnlyList<PolicyLine> Policies);
