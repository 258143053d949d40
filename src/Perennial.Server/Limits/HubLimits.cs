namespace Perennial.Server.Limits;

/// <summary>The limits of each hub; null is no limit.</summary>
internal sealed record HubLimits
{
    public static HubLimits None { get; } = new();

    public RateLimit? Registry { get; init; }

    public RateLimit? TwinReads { get; init; }

    public RateLimit? TwinUpdates { get; init; }

    public RateLimit? Queries { get; init; }

    public RateLimit? Methods { get; init; }

    public RateLimit? Connections { get; init; }

    public RateLimit? Telemetry { get; init; }

    public RateLimit? CloudToDevice { get; init; }

    public RateLimit? Jobs { get; init; }

    public Throttle<HubOperation> ToThrottle(string hub, TimeProvider time)
    {
        (HubOperation Operation, RateLimit? Limit)[] all =
        [
            (HubOperation.Registry, Registry),
            (HubOperation.TwinRead, TwinReads),
            (HubOperation.TwinUpdate, TwinUpdates),
            (HubOperation.Query, Queries),
            (HubOperation.Method, Methods),
            (HubOperation.Connect, Connections),
            (HubOperation.Telemetry, Telemetry),
            (HubOperation.CloudToDevice, CloudToDevice),
            (HubOperation.Job, Jobs),
        ];
        return new Throttle<HubOperation>(
            hub, all.Where(row => row.Limit is not null).Select(row => KeyValuePair.Create(row.Operation, row.Limit!)), time);
    }
}
