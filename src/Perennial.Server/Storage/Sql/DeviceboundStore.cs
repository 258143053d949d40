using Perennial.Hub.Devicebound;
using Perennial.Hub.Devices;

namespace Perennial.Server.Storage.Sql;

/// <summary>The queues of one hub's devices.</summary>
internal sealed class DeviceboundStore(SqlDatabase database, string hub) : IDeviceboundStore
{
    // Devices counted by one statement, which has a parameter for each.
    private const int Counted = 32;

    private static readonly string[] CountedParameters = [.. Enumerable.Range(0, Counted).Select(i => $"$device{i}")];

    private static readonly string CountStatement =
        $"SELECT device, count(*) FROM devicebound WHERE hub = $hub AND device IN ({string.Join(", ", CountedParameters)}) GROUP BY device";

    public Task<QueueChange?> ChangeAsync(DeviceId device, Func<QueuedMessages, QueueChange> change, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Change(session, device, change), cancellationToken);

    public async Task<IReadOnlyDictionary<long, DeviceboundMessage>> LoadAsync(IReadOnlyList<long> numbers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        return numbers.Count == 0
            ? new Dictionary<long, DeviceboundMessage>()
            : await database.ReadAsync(session => Load(session, numbers), cancellationToken);
    }

    public Task<bool> HoldsMoreAsync(DeviceId device, IReadOnlySet<long> held, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(session => HoldsMore(session, device, held, now), cancellationToken);

    public async Task<IReadOnlyDictionary<DeviceId, int>> CountAsync(
        IReadOnlyCollection<DeviceId> devices, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(devices);
        return devices.Count == 0
            ? new Dictionary<DeviceId, int>()
            : await database.ReadAsync(session => Count(session, devices), cancellationToken);
    }

    public Task<IReadOnlyList<DeviceId>> FindDueAsync(DateTimeOffset now, int max, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<DeviceId>>(session => FindDue(session, now, max), cancellationToken);

    private QueueChange? Change(SqlSession session, DeviceId device, Func<QueuedMessages, QueueChange> change)
    {
        var loaded = DeviceboundRows.Load(session, hub, device);
        var made = change(loaded);
        if (made.Added is not null && DeviceRows.Find(session, hub, device) is null)
        {
            return null;
        }

        DeviceboundRows.Write(session, hub, loaded, made);
        return made;
    }

    private static Dictionary<long, DeviceboundMessage> Load(SqlSession session, IReadOnlyList<long> numbers)
    {
        var messages = new Dictionary<long, DeviceboundMessage>();
        foreach (var number in numbers)
        {
            if (DeviceboundRows.Find(session, number) is { } message)
            {
                messages.Add(number, message);
            }
        }

        return messages;
    }

    private bool HoldsMore(SqlSession session, DeviceId device, IReadOnlySet<long> held, DateTimeOffset now)
    {
        using var reader = session.Prepared(
            "SELECT number FROM devicebound WHERE hub = $hub AND device = $device AND (held IS NULL OR due <= $now)",
            ("$hub", hub),
            ("$device", device.Value),
            ("$now", now.UtcTicks)).ExecuteReader();
        while (reader.Read())
        {
            if (!held.Contains(reader.GetInt64(0)))
            {
                return true;
            }
        }

        return false;
    }

    private Dictionary<DeviceId, int> Count(SqlSession session, IReadOnlyCollection<DeviceId> devices)
    {
        var counts = new Dictionary<DeviceId, int>();
        foreach (var some in devices.Chunk(Counted))
        {
            var parameters = CountedParameters.Select((name, i) => (name, (object?)some[Math.Min(i, some.Length - 1)].Value)).Prepend(("$hub", hub));
            using var reader = session.Prepared(CountStatement, [.. parameters]).ExecuteReader();
            while (reader.Read())
            {
                counts[DeviceRows.Id(reader.GetString(0))] = (int)reader.GetInt64(1);
            }
        }

        return counts;
    }

    private List<DeviceId> FindDue(SqlSession session, DateTimeOffset now, int max)
    {
        using var reader = session.Prepared(
            "SELECT device FROM devicebound WHERE hub = $hub AND due <= $now ORDER BY due LIMIT $max",
            ("$hub", hub),
            ("$now", now.UtcTicks),
            ("$max", max)).ExecuteReader();
        var due = new List<DeviceId>();
        while (reader.Read())
        {
            due.Add(DeviceRows.Id(reader.GetString(0)));
        }

        return [.. due.Distinct()];
    }
}
