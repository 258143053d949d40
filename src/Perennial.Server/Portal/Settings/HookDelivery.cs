namespace Perennial.Server.Portal.Settings;

/// <summary>What became of a notice to a webhook.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="State">Waiting, Delivered or GivenUp.</param>
/// <param name="Tries">Tries so far.</param>
/// <param name="At">When it is tried next, or was tried last.</param>
/// <param name="Fault">Why the last try failed; null when none did.</param>
public sealed record HookDelivery(string Kind, string State, int Tries, DateTimeOffset At, string? Fault);
