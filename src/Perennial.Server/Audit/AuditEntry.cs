namespace Perennial.Server.Audit;

/// <summary>One row of the audit trail: a change of trust, stored in the transaction that made it.</summary>
/// <param name="At">When it was made.</param>
/// <param name="Actor">Who asked for it, for instance <c>policy provisioningserviceowner</c> or <c>user alice</c>.</param>
/// <param name="Action">The verb, for instance <c>enrollment.save</c>.</param>
/// <param name="Subject">The object's name.</param>
/// <param name="Before">JSON of the object before, without secrets; null when it was new.</param>
/// <param name="After">JSON of the object after, without secrets; null when it was gone.</param>
internal sealed record AuditEntry(DateTimeOffset At, string Actor, string Action, string Subject, string? Before, string? After);
