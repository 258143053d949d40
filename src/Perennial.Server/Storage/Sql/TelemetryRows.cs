using System.Data.Common;
using Perennial.Hub.Messages;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of one feed.</summary>
internal sealed class TelemetryRows(long feed)
{
    private const int SequenceBits = 40;

    /// <summary>Bytes of bodies after which a read stops, so that a page stays small whatever the messages are.</summary>
    private const long MaxReadBytes = 4 * 1024 * 1024;

    private readonly long _start = feed << SequenceBits;
    private readonly long _end = (feed + 1) << SequenceBits;

    /// <summary>The feed of a hub, made when it is new.</summary>
    public static TelemetryRows Open(SqlSession session, string hub)
    {
        session.Prepared(
            """
            INSERT INTO feed (number, hub) SELECT coalesce(max(number), 0) + 1, $hub FROM feed WHERE true
            ON CONFLICT (hub) DO NOTHING
            """,
            ("$hub", hub)).ExecuteNonQuery();
        return new TelemetryRows((long)session.Prepared("SELECT number FROM feed WHERE hub = $hub", ("$hub", hub)).ExecuteScalar()!);
    }

    /// <summary>The last message's sequence, the sum of all sizes up to it, and when it was stored; zero for an empty feed.</summary>
    public (long Sequence, long Total, DateTimeOffset Enqueued) Last(SqlSession session)
    {
        using var reader = session.Prepared(
            "SELECT place, total, enqueued FROM telemetry WHERE place > $start AND place < $end ORDER BY place DESC LIMIT 1",
            ("$start", _start),
            ("$end", _end)).ExecuteReader();
        return reader.Read()
            ? (reader.GetInt64(0) - _start, reader.GetInt64(1), new DateTimeOffset(reader.GetInt64(2), TimeSpan.Zero))
            : (0, 0, DateTimeOffset.MinValue);
    }

    /// <summary>The first sequence that is still there; zero for an empty feed.</summary>
    public long First(SqlSession session) =>
        session.Prepared(
            "SELECT place FROM telemetry WHERE place > $start AND place < $end ORDER BY place LIMIT 1",
            ("$start", _start),
            ("$end", _end)).ExecuteScalar() is long place ? place - _start : 0;

    /// <summary>The sum of the sizes of the messages before this one, as far back as the feed ever went.</summary>
    public long TotalBefore(SqlSession session, long sequence) =>
        (long)session.Prepared("SELECT total - size FROM telemetry WHERE place = $place", ("$place", _start + sequence)).ExecuteScalar()!;

    /// <summary>When a message was stored; null for one that is gone.</summary>
    public DateTimeOffset? EnqueuedOf(SqlSession session, long sequence) =>
        session.Prepared("SELECT enqueued FROM telemetry WHERE place = $place", ("$place", _start + sequence)).ExecuteScalar() is long ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    public void Insert(SqlSession session, long sequence, int size, long total, TelemetryMessage message) =>
        session.Prepared(
            """
            INSERT INTO telemetry (place, size, total, device, generation, authentication, enqueued, properties, body)
            VALUES ($place, $size, $total, $device, $generation, $authentication, $enqueued, $properties, $body)
            """,
            ("$place", _start + sequence),
            ("$size", size),
            ("$total", total),
            ("$device", message.Device.Value),
            ("$generation", message.Generation),
            ("$authentication", $"{message.Authentication.Scope}/{message.Authentication.Type}/{message.Authentication.Issuer}"),
            ("$enqueued", message.Enqueued.UtcTicks),
            ("$properties", MessageText.Write(message.SystemProperties, message.Properties)),
            ("$body", MessageText.Bytes(message.Body))).ExecuteNonQuery();

    /// <summary>Deletes the messages before this sequence.</summary>
    public void DeleteBefore(SqlSession session, long sequence) =>
        session.Prepared(
            "DELETE FROM telemetry WHERE place > $start AND place < $before",
            ("$start", _start),
            ("$before", _start + sequence)).ExecuteNonQuery();

    public IReadOnlyList<FeedEntry> Read(SqlSession session, long from, int max)
    {
        using var reader = session.Prepared(
            """
            SELECT place, device, generation, authentication, enqueued, properties, body FROM telemetry
            WHERE place >= $from AND place < $end ORDER BY place LIMIT $max
            """,
            ("$from", _start + Math.Max(1, from)),
            ("$end", _end),
            ("$max", max)).ExecuteReader();
        var entries = new List<FeedEntry>();
        for (var bytes = 0L; bytes < MaxReadBytes && reader.Read();)
        {
            var entry = Read(reader);
            entries.Add(entry);
            bytes += entry.Message.Body.Length;
        }

        return entries;
    }

    private FeedEntry Read(DbDataReader row)
    {
        var authentication = row.GetString(3).Split('/');
        var (system, application) = MessageText.Read(row, 5);
        return new FeedEntry(row.GetInt64(0) - _start, new TelemetryMessage
        {
            Device = DeviceRows.Id(row.GetString(1)),
            Generation = row.GetString(2),
            Authentication = new AuthenticationMethod(authentication[0], authentication[1], authentication[2]),
            Enqueued = new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero),
            SystemProperties = system,
            Properties = application,
            Body = row.GetFieldValue<byte[]>(6),
        });
    }
}
