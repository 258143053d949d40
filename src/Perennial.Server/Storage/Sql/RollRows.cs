using System.Data.Common;
using System.Text.Json;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of rolls.</summary>
internal static class RollRows
{
    private const string Columns = "state, version, wave, document";

    public static Roll? Find(SqlSession session, string id)
    {
        using var row = session.Prepared($"SELECT {Columns} FROM roll WHERE id = $id", ("$id", Keys.Of(id))).ExecuteReader();
        return row.Read() ? Read(row) : null;
    }

    public static List<Roll> List(SqlSession session, string? after, int max)
    {
        using var rows = session.Prepared(
            $"SELECT {Columns} FROM roll WHERE id > $after ORDER BY id LIMIT $max", ("$after", after ?? ""), ("$max", (long)max)).ExecuteReader();
        return ReadAll(rows);
    }

    public static List<Roll> ListByState(SqlSession session, RollState state)
    {
        using var rows = session.Prepared($"SELECT {Columns} FROM roll WHERE state = $state ORDER BY id", ("$state", (long)state)).ExecuteReader();
        return ReadAll(rows);
    }

    /// <summary>Rolls before an id, the nearest first, or after it.</summary>
    public static List<Roll> ListBeside(SqlSession session, RollState? state, string? from, bool isBefore, int max)
    {
        var conditions = (state is null ? "" : "state = $state AND ") + (from is null ? "id > $from" : isBefore ? "id < $from" : "id > $from");
        using var rows = session.Prepared(
            $"SELECT {Columns} FROM roll WHERE {conditions} ORDER BY id{(isBefore && from is not null ? " DESC" : "")} LIMIT $max",
            [("$from", from is null ? "" : Keys.Of(from)), ("$max", (long)max), .. state is { } one ? [("$state", (object?)(long)one)] : Array.Empty<(string, object?)>()]).ExecuteReader();
        return ReadAll(rows);
    }

    /// <summary>The rolls that a device belongs to.</summary>
    public static List<Roll> ListOfDevice(SqlSession session, string device)
    {
        using var rows = session.Prepared(
            $"SELECT {Columns} FROM roll WHERE id IN (SELECT d.roll FROM roll_device d WHERE d.device = $device) ORDER BY id", ("$device", Keys.Of(device))).ExecuteReader();
        return ReadAll(rows);
    }

    /// <summary>Rolls that have ended and have something left to do.</summary>
    public static List<Roll> ListUnsettled(SqlSession session)
    {
        using var rows = session.Prepared(
            $"SELECT {Columns} FROM roll WHERE settled = 0 AND state IN ($completed, $aborted) ORDER BY id",
            ("$completed", (long)RollState.Completed),
            ("$aborted", (long)RollState.Aborted)).ExecuteReader();
        return ReadAll(rows);
    }

    public static void NoteSettled(SqlSession session, Roll roll) => session.Prepared(
        "UPDATE roll SET settled = 1 WHERE id = $id AND version = $version", ("$id", Keys.Of(roll.Id)), ("$version", (long)roll.Version)).ExecuteNonQuery();

    public static bool TryInsert(SqlSession session, Roll roll) => session.Prepared(
        "INSERT INTO roll (id, state, version, wave, document) VALUES ($id, $state, 0, 0, $document) ON CONFLICT (id) DO NOTHING",
        ("$id", Keys.Of(roll.Id)),
        ("$state", (long)roll.State),
        ("$document", Serialize(roll))).ExecuteNonQuery() == 1;

    public static bool TryUpdate(SqlSession session, Roll roll) => session.Prepared(
        """
        UPDATE roll SET state = $state, version = version + 1, settled = 0, wave = $wave, document = $document WHERE id = $id AND version = $version
        """,
        ("$state", (long)roll.State),
        ("$wave", (long)roll.Wave),
        ("$document", Serialize(roll)),
        ("$id", Keys.Of(roll.Id)),
        ("$version", (long)roll.Version)).ExecuteNonQuery() == 1;

    public static string Serialize(Roll roll) => JsonSerializer.Serialize(RollDocument.From(roll), StorageJson.Default.RollDocument);

    private static List<Roll> ReadAll(DbDataReader rows)
    {
        var rolls = new List<Roll>();
        while (rows.Read())
        {
            rolls.Add(Read(rows));
        }

        return rolls;
    }

    private static Roll Read(DbDataReader row) => JsonSerializer.Deserialize(row.GetString(3), StorageJson.Default.RollDocument)!
        .ToDomain((RollState)row.GetInt64(0), (int)row.GetInt64(1), (int)row.GetInt64(2));
}
