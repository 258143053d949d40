namespace Perennial.Agent.Rolling;

/// <summary>When the next attempt to roll is, and why.</summary>
internal sealed record RollPlan(DateTimeOffset At, RollReason Reason)
{
    public bool IsDue(DateTimeOffset now) => now >= At;

    public string Sentence => Reason switch
    {
        RollReason.Lifetime => "the certificate is to be rolled at its share of the lifetime",
        RollReason.Window => "the service gave a window",
        RollReason.Retry => "the last attempt failed",
        RollReason.AskedToWait => "the service asked to wait",
        RollReason.Drained => "the service drains the certificate in use",
        _ => "a roll is under way",
    };
}
