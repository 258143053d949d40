using System.Data.Common;
using System.Text.Json;
using Perennial.Hub.Devices;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of the identities of devices and modules.</summary>
internal static class DeviceRows
{
    private const string Columns = "id, etag, enabled, document";

    public static DeviceIdentity? Find(SqlSession session, string hub, DeviceId id)
    {
        using var reader = session.Prepared(
            $"SELECT {Columns} FROM device WHERE hub = $hub AND id = $id", ("$hub", hub), ("$id", id.Value)).ExecuteReader();
        return reader.Read() ? Read(reader) : null;
    }

    public static IReadOnlyList<DeviceIdentity> List(SqlSession session, string hub, DeviceId? after, int max)
    {
        using var reader = session.Prepared(
            $"SELECT {Columns} FROM device WHERE hub = $hub AND module = 0 AND id > $after ORDER BY id LIMIT $max",
            ("$hub", hub),
            ("$after", after?.Value ?? ""),
            ("$max", max)).ExecuteReader();
        return ReadAll(reader);
    }

    public static IReadOnlyList<DeviceIdentity> ListModules(SqlSession session, string hub, DeviceId device)
    {
        using var reader = session.Prepared(
            $"SELECT {Columns} FROM device WHERE hub = $hub AND module = 1 AND id > $first AND id < $last ORDER BY id",
            ("$hub", hub),
            ("$first", BeforeModules(device)),
            ("$last", AfterModules(device))).ExecuteReader();
        return ReadAll(reader);
    }

    public static void Upsert(SqlSession session, string hub, DeviceIdentity device) =>
        session.Prepared(
            """
            INSERT INTO device (hub, id, module, etag, enabled, document) VALUES ($hub, $id, $module, $etag, $enabled, $document)
            ON CONFLICT (hub, id) DO UPDATE SET etag = excluded.etag, enabled = excluded.enabled, document = excluded.document
            """,
            ("$hub", hub),
            ("$id", device.Id.Value),
            ("$module", device.Id.IsModule ? 1 : 0),
            ("$etag", device.ETag),
            ("$enabled", device.IsEnabled ? 1 : 0),
            ("$document", Serialize(device, withSecrets: true))).ExecuteNonQuery();

    /// <summary>Deletes the identity with its twin and its subscriptions and purges its queue, and the same of its modules.</summary>
    public static void Delete(SqlSession session, string hub, DeviceId id, DateTimeOffset now)
    {
        DeviceboundRows.Purge(session, hub, id, now);
        foreach (var module in id.IsModule ? [] : ListModules(session, hub, id))
        {
            DeviceboundRows.Purge(session, hub, module.Id, now);
        }

        foreach (var table in (ReadOnlySpan<string>)["device", "twin", "subscription"])
        {
            session.Prepared($"DELETE FROM {table} WHERE hub = $hub AND id = $id", ("$hub", hub), ("$id", id.Value)).ExecuteNonQuery();
            if (!id.IsModule)
            {
                session.Prepared(
                    $"DELETE FROM {table} WHERE hub = $hub AND id > $first AND id < $last",
                    ("$hub", hub),
                    ("$first", BeforeModules(id)),
                    ("$last", AfterModules(id))).ExecuteNonQuery();
            }
        }
    }

    /// <summary>What goes with each change of an identity: the row of the audit trail, without keys, and the numbers of devices.</summary>
    public static void Record(
        SqlSession session, DateTimeOffset at, string actor, string hub, DeviceIdentity? before, DeviceIdentity? after)
    {
        DeviceCountRows.Move(session, hub, before, after);
        DeviceChainRows.NoteIdentity(session, hub, before, after);
        var noun = (after ?? before!).Id.IsModule ? "module" : "device";
        var verb = before is null ? $"{noun}.create" : after is null ? $"{noun}.delete" : $"{noun}.save";
        AuditRow.Write(session, at, actor, verb, $"{noun} '{(after ?? before)!.Id}' of hub '{hub}'", Describe(before), Describe(after));
    }

    private static string? Describe(DeviceIdentity? device) => device is null ? null : Serialize(device, withSecrets: false);

    private static string Serialize(DeviceIdentity device, bool withSecrets) =>
        JsonSerializer.Serialize(DeviceDocument.From(device, withSecrets), StorageJson.Default.DeviceDocument);

    private static List<DeviceIdentity> ReadAll(DbDataReader reader)
    {
        var devices = new List<DeviceIdentity>();
        while (reader.Read())
        {
            devices.Add(Read(reader));
        }

        return devices;
    }

    /// <summary>An identity from the columns etag, enabled and document, of which the first is <paramref name="at"/>.</summary>
    public static DeviceIdentity Read(DeviceId id, DbDataReader row, int at) =>
        JsonSerializer.Deserialize(row.GetString(at + 2), StorageJson.Default.DeviceDocument)!
            .ToDomain(id, row.GetString(at), row.GetInt32(at + 1) != 0);

    private static DeviceIdentity Read(DbDataReader row) => Read(Id(row.GetString(0)), row, 1);

    public static DeviceId Id(string text) =>
        DeviceId.TryParseIdentity(text, out var id) ? id : throw new InvalidDataException($"The database holds '{text}', which is not a device id.");

    private static string BeforeModules(DeviceId device) => $"{device}/";

    private static string AfterModules(DeviceId device) => $"{device}0";
}
