namespace Perennial.Hub.Jobs;

/// <summary>What became of a request for a job.</summary>
public abstract record ScheduleOutcome
{
    private ScheduleOutcome()
    {
    }

    public sealed record Scheduled(Job Job) : ScheduleOutcome;

    public sealed record AlreadyExists : ScheduleOutcome;

    /// <param name="Sentence">Which rule the request breaks, for the caller.</param>
    public sealed record Invalid(string Sentence) : ScheduleOutcome;
}
