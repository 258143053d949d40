namespace Perennial.Hub.Jobs;

/// <summary>How far a job has come with one device.</summary>
public enum JobDeviceStatus
{
    Pending,
    Running,
    Completed,
    Failed,
    Cancelled,
}
