namespace Perennial.Hub.Jobs;

/// <summary>The words by which clients know jobs (hub-protocol §4.9).</summary>
public static class JobWords
{
    public static string Of(JobKind kind) => kind == JobKind.UpdateTwin ? "scheduleUpdateTwin" : "scheduleDeviceMethod";

    public static string Of(JobStatus status) => status switch
    {
        JobStatus.Scheduled => "scheduled",
        JobStatus.Running => "running",
        JobStatus.Completed => "completed",
        JobStatus.Failed => "failed",
        _ => "cancelled",
    };

    public static string Of(JobDeviceStatus status) => status switch
    {
        JobDeviceStatus.Pending => "pending",
        JobDeviceStatus.Running => "running",
        JobDeviceStatus.Completed => "completed",
        JobDeviceStatus.Failed => "failed",
        _ => "canceled",
    };

    /// <summary>Reads a kind in any case.</summary>
    public static JobKind? KindOf(string? word) =>
        string.Equals(word, "scheduleUpdateTwin", StringComparison.OrdinalIgnoreCase) ? JobKind.UpdateTwin
        : string.Equals(word, "scheduleDeviceMethod", StringComparison.OrdinalIgnoreCase) ? JobKind.DeviceMethod
        : null;

    /// <summary>Reads a status in any case. What waits for nothing but its turn is scheduled.</summary>
    public static JobStatus? StatusOf(string? word) => word?.ToUpperInvariant() switch
    {
        "SCHEDULED" or "QUEUED" or "ENQUEUED" => JobStatus.Scheduled,
        "RUNNING" => JobStatus.Running,
        "COMPLETED" => JobStatus.Completed,
        "FAILED" => JobStatus.Failed,
        "CANCELLED" or "CANCELED" => JobStatus.Cancelled,
        _ => null,
    };
}
