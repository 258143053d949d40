namespace Perennial.Server.Limits;

/// <summary>The limits of the provisioning service; null is no limit.</summary>
internal sealed record ProvisioningLimits
{
    public static ProvisioningLimits None { get; } = new();

    public RateLimit? Registrations { get; init; }

    /// <summary>Of each device.</summary>
    public RateLimit? Polls { get; init; }

    public RateLimit? ServiceOperations { get; init; }

    public Throttle<ProvisioningOperation> ToThrottle(TimeProvider time)
    {
        (ProvisioningOperation Operation, RateLimit? Limit)[] all =
        [
            (ProvisioningOperation.Register, Registrations),
            (ProvisioningOperation.Poll, Polls),
            (ProvisioningOperation.Service, ServiceOperations),
        ];
        return new Throttle<ProvisioningOperation>(
            "provisioning", all.Where(row => row.Limit is not null).Select(row => KeyValuePair.Create(row.Operation, row.Limit!)), time);
    }
}
