using Perennial.Hub.Devices;

namespace Perennial.Server.Storage.Sql;

/// <summary>The numbers of devices, moved in the transaction of each write that changes them.</summary>
internal static class DeviceCountRows
{
    /// <summary>A device was written in the place of what was stored.</summary>
    public static void Move(SqlSession session, string hub, DeviceIdentity? stored, DeviceIdentity? next)
    {
        if ((stored ?? next)?.Id.IsModule != false || stored?.IsEnabled == next?.IsEnabled)
        {
            return;
        }

        Add(session, hub, stored?.IsEnabled, -1);
        Add(session, hub, next?.IsEnabled, 1);
    }

    public static DeviceCounts Read(SqlSession session, string hub)
    {
        using var reader = session.Prepared("SELECT enabled, n FROM device_count WHERE hub = $hub", ("$hub", hub)).ExecuteReader();
        var (enabled, disabled) = (0L, 0L);
        while (reader.Read())
        {
            var count = reader.GetInt64(1);
            (enabled, disabled) = reader.GetInt32(0) != 0 ? (count, disabled) : (enabled, count);
        }

        return new DeviceCounts(enabled, disabled);
    }

    private static void Add(SqlSession session, string hub, bool? isEnabled, int change)
    {
        if (isEnabled is { } enabled)
        {
            session.Prepared(
                """
                INSERT INTO device_count (hub, enabled, n) VALUES ($hub, $enabled, $change)
                ON CONFLICT (hub, enabled) DO UPDATE SET n = device_count.n + excluded.n
                """,
                ("$hub", hub),
                ("$enabled", enabled ? 1 : 0),
                ("$change", change)).ExecuteNonQuery();
        }
    }
}
