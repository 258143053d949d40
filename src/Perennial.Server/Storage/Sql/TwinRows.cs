using System.Data.Common;
using System.Text.Json;
using Perennial.Hub.Devices;
using Perennial.Hub.Twins;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of twins.</summary>
internal static class TwinRows
{
    /// <summary>The columns that <see cref="Read"/> takes, in a statement that joins the identity.</summary>
    public const string ScannedColumns =
        "twin.id, twin.version, twin.revision, twin.model, twin.tags, twin.desired, twin.desired_metadata, twin.desired_version, "
        + "twin.reported, twin.reported_metadata, twin.reported_version";

    /// <summary>How many they are.</summary>
    public const int ColumnCount = 11;

    private const string Columns =
        "id, version, revision, model, tags, desired, desired_metadata, desired_version, reported, reported_metadata, reported_version";

    public static Twin? Find(SqlSession session, string hub, DeviceId id)
    {
        using var reader = session.Prepared(
            $"SELECT {Columns} FROM twin WHERE hub = $hub AND id = $id", ("$hub", hub), ("$id", id.Value)).ExecuteReader();
        return reader.Read() ? Read(reader) : null;
    }

    public static IReadOnlyList<Twin> List(SqlSession session, string hub, DeviceId? after, int max)
    {
        using var reader = session.Prepared(
            $"SELECT {Columns} FROM twin WHERE hub = $hub AND id > $after ORDER BY id LIMIT $max",
            ("$hub", hub),
            ("$after", after?.Value ?? ""),
            ("$max", max)).ExecuteReader();
        var twins = new List<Twin>();
        while (reader.Read())
        {
            twins.Add(Read(reader));
        }

        return twins;
    }

    public static void Upsert(SqlSession session, string hub, Twin twin) =>
        session.Prepared(
            $"""
            INSERT INTO twin (hub, {Columns})
            VALUES ($hub, $id, $version, $revision, $model, $tags, $desired, $desiredMetadata, $desiredVersion,
                $reported, $reportedMetadata, $reportedVersion)
            ON CONFLICT (hub, id) DO UPDATE SET version = excluded.version, revision = excluded.revision, model = excluded.model,
                tags = excluded.tags, desired = excluded.desired, desired_metadata = excluded.desired_metadata,
                desired_version = excluded.desired_version, reported = excluded.reported, reported_metadata = excluded.reported_metadata,
                reported_version = excluded.reported_version
            """,
            ("$hub", hub),
            ("$id", twin.Id.Value),
            ("$version", twin.Version),
            ("$revision", twin.Revision),
            ("$model", twin.ModelId),
            ("$tags", twin.Tags.GetRawText()),
            ("$desired", twin.Desired.Values.GetRawText()),
            ("$desiredMetadata", twin.Desired.Metadata.GetRawText()),
            ("$desiredVersion", twin.Desired.Version),
            ("$reported", twin.Reported.Values.GetRawText()),
            ("$reportedMetadata", twin.Reported.Metadata.GetRawText()),
            ("$reportedVersion", twin.Reported.Version)).ExecuteNonQuery();

    public static Twin Read(DbDataReader row) => new()
    {
        Id = DeviceRows.Id(row.GetString(0)),
        Version = row.GetInt64(1),
        Revision = row.GetInt64(2),
        ModelId = row.GetString(3),
        Tags = JsonElement.Parse(row.GetString(4)),
        Desired = new TwinSection(JsonElement.Parse(row.GetString(5)), JsonElement.Parse(row.GetString(6)), row.GetInt64(7)),
        Reported = new TwinSection(JsonElement.Parse(row.GetString(8)), JsonElement.Parse(row.GetString(9)), row.GetInt64(10)),
    };
}
