namespace Perennial.Provisioning.Enrollments;

/// <summary>The webhook that chooses hubs for an enrollment (dps-protocol §6.3).</summary>
/// <param name="WebhookUrl">An absolute https address.</param>
/// <param name="ApiVersion">The version of the protocol that it speaks; told to it, not looked at.</param>
public sealed record CustomAllocation(Uri WebhookUrl, string ApiVersion);
