namespace Perennial.Server.Portal.Trail;

/// <summary>An entry of the audit trail in a list.</summary>
public sealed record TrailLine(long Number, DateTimeOffset At, string Actor, string Action, string Subject);
