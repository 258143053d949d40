namespace Perennial.Hub.Jobs;

/// <summary>How far a job has come.</summary>
public enum JobStatus
{
    /// <summary>Its time has not come.</summary>
    Scheduled,
    Running,

    /// <summary>Every device was dealt with; some may have failed.</summary>
    Completed,

    /// <summary>It could not be run, or its time was over before every device was dealt with.</summary>
    Failed,
    Cancelled,
}
