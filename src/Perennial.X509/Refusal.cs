namespace Perennial.X509;

/// <summary>An untrusted input was told no: the first check that failed, with the facts of this one case.</summary>
/// <param name="Reason">The check that failed.</param>
/// <param name="Detail">What was found and what was expected, for the operator; never sent to a device.</param>
public sealed record Refusal(RefusalReason Reason, string Detail);
