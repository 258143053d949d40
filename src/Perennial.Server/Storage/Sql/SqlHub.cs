using Perennial.Hub.Messages;

namespace Perennial.Server.Storage.Sql;

/// <summary>Opens what a logical hub keeps in SQL.</summary>
internal static class SqlHub
{
    /// <param name="database">The database; several hubs may share it.</param>
    /// <param name="name">The logical name of the hub, part of each key.</param>
    /// <param name="limits">The bounds of its telemetry.</param>
    /// <param name="time">The clock.</param>
    public static async Task<HubStores> OpenAsync(SqlDatabase database, string name, FeedLimits limits, TimeProvider time) => new(
        new DeviceStore(database, name, time),
        new TwinStore(database, name),
        new TwinScan(database, name),
        new JobStore(database, name, time),
        new SubscriptionStore(database, name),
        await TelemetryFeed.OpenAsync(database, name, limits),
        new DeviceboundStore(database, name),
        new FeedbackStore(database, name),
        new AssignmentStore(time),
        new RollStore(database, time));
}
