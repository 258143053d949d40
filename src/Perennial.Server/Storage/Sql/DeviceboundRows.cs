using System.Data.Common;
using Perennial.Hub.Devicebound;
using Perennial.Hub.Devices;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of the messages that wait for devices.</summary>
internal static class DeviceboundRows
{
    public static QueuedMessages Load(SqlSession session, string hub, DeviceId device)
    {
        using var reader = session.Prepared(
            """
            SELECT number, message, generation, feedback, expires, deliveries, held, due FROM devicebound
            WHERE hub = $hub AND device = $device ORDER BY number
            """,
            ("$hub", hub),
            ("$device", device.Value)).ExecuteReader();
        var entries = new List<QueueEntry>();
        while (reader.Read())
        {
            entries.Add(Read(reader));
        }

        return new QueuedMessages(device, entries);
    }

    /// <summary>Writes what a change makes of the queue that was loaded.</summary>
    public static void Write(SqlSession session, string hub, QueuedMessages loaded, QueueChange change)
    {
        var next = change.Next.Entries.ToDictionary(entry => entry.Number);
        foreach (var entry in loaded.Entries)
        {
            if (!next.TryGetValue(entry.Number, out var kept))
            {
                session.Prepared("DELETE FROM devicebound WHERE number = $number", ("$number", entry.Number)).ExecuteNonQuery();
            }
            else if (kept != entry)
            {
                Update(session, kept);
            }
        }

        if (change.Added is { } added)
        {
            Insert(session, hub, added);
        }

        foreach (var feedback in change.Feedback)
        {
            FeedbackRows.Insert(session, hub, feedback);
        }
    }

    /// <summary>Ends every message for the device, which is deleted.</summary>
    public static void Purge(SqlSession session, string hub, DeviceId device, DateTimeOffset now)
    {
        var queue = Load(session, hub, device);
        Write(session, hub, queue, queue.Purge(now));
    }

    public static DeviceboundMessage? Find(SqlSession session, long number)
    {
        using var reader = session.Prepared(
            "SELECT device, generation, message, feedback, enqueued, expires, properties, body FROM devicebound WHERE number = $number",
            ("$number", number)).ExecuteReader();
        if (!reader.Read())
        {
            return null;
        }

        var (system, application) = MessageText.Read(reader, 6);
        return new DeviceboundMessage
        {
            Device = DeviceRows.Id(reader.GetString(0)),
            Generation = reader.GetString(1),
            MessageId = reader.GetString(2),
            Feedback = (RequestedFeedback)reader.GetInt32(3),
            Enqueued = Time(reader.GetInt64(4)),
            Expires = Time(reader.GetInt64(5)),
            SystemProperties = system,
            Properties = application,
            Body = reader.GetFieldValue<byte[]>(7),
        };
    }

    private static void Insert(SqlSession session, string hub, DeviceboundMessage message) =>
        session.Prepared(
            """
            INSERT INTO devicebound (hub, device, generation, message, feedback, enqueued, expires, deliveries, due, properties, body)
            VALUES ($hub, $device, $generation, $message, $feedback, $enqueued, $expires, 0, $due, $properties, $body)
            """,
            ("$hub", hub),
            ("$device", message.Device.Value),
            ("$generation", message.Generation),
            ("$message", message.MessageId),
            ("$feedback", (int)message.Feedback),
            ("$enqueued", message.Enqueued.UtcTicks),
            ("$expires", message.Expires.UtcTicks),
            ("$due", message.Expires.UtcTicks),
            ("$properties", MessageText.Write(message.SystemProperties, message.Properties)),
            ("$body", MessageText.Bytes(message.Body))).ExecuteNonQuery();

    private static void Update(SqlSession session, QueueEntry entry) =>
        session.Prepared(
            "UPDATE devicebound SET deliveries = $deliveries, held = $held, due = $due WHERE number = $number",
            ("$deliveries", entry.Deliveries),
            ("$held", entry.Lock?.ToString("D")),
            ("$due", entry.Due.UtcTicks),
            ("$number", entry.Number)).ExecuteNonQuery();

    private static QueueEntry Read(DbDataReader row)
    {
        var isHeld = !row.IsDBNull(6);
        return new QueueEntry
        {
            Number = row.GetInt64(0),
            MessageId = row.GetString(1),
            Generation = row.GetString(2),
            Feedback = (RequestedFeedback)row.GetInt32(3),
            Expires = Time(row.GetInt64(4)),
            Deliveries = row.GetInt32(5),
            Lock = isHeld ? Guid.ParseExact(row.GetString(6), "D") : null,
            LockedUntil = isHeld ? Time(row.GetInt64(7)) : null,
        };
    }

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
