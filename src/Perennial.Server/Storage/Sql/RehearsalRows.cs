using System.Data.Common;
using System.Text.Json;
using Perennial.Rolling.Rehearsals;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of rehearsals.</summary>
internal static class RehearsalRows
{
    private const string Columns = "state, progress, document";

    public static Rehearsal? Find(SqlSession session, string roll)
    {
        using var row = session.Prepared($"SELECT {Columns} FROM rehearsal WHERE roll = $roll", ("$roll", Keys.Of(roll))).ExecuteReader();
        return row.Read() ? Read(row) : null;
    }

    public static List<Rehearsal> ListByState(SqlSession session, RehearsalState state)
    {
        using var rows = session.Prepared($"SELECT {Columns} FROM rehearsal WHERE state = $state ORDER BY roll", ("$state", (long)state)).ExecuteReader();
        var found = new List<Rehearsal>();
        while (rows.Read())
        {
            found.Add(Read(rows));
        }

        return found;
    }

    public static void Insert(SqlSession session, Rehearsal rehearsal)
    {
        Delete(session, rehearsal.Roll);
        session.Prepared(
            "INSERT INTO rehearsal (roll, id, state, progress, document) VALUES ($roll, $id, $state, $progress, $document)", [.. Parameters(rehearsal)]).ExecuteNonQuery();
    }

    /// <summary>Writes the one that is written down as running.</summary>
    public static bool TryUpdate(SqlSession session, Rehearsal rehearsal) => session.Prepared(
        "UPDATE rehearsal SET state = $state, progress = $progress, document = $document WHERE roll = $roll AND id = $id AND state = 0", [.. Parameters(rehearsal)]).ExecuteNonQuery() == 1;

    public static void Delete(SqlSession session, string roll)
    {
        session.Prepared("DELETE FROM rehearsal_lost WHERE roll = $roll", ("$roll", Keys.Of(roll))).ExecuteNonQuery();
        session.Prepared("DELETE FROM rehearsal WHERE roll = $roll", ("$roll", Keys.Of(roll))).ExecuteNonQuery();
    }

    public static void AddLost(SqlSession session, string roll, long place, LostDevice lost) => session.Prepared(
        "INSERT INTO rehearsal_lost (roll, place, device, at, reason) VALUES ($roll, $place, $device, $at, $reason)",
        ("$roll", Keys.Of(roll)),
        ("$place", place),
        ("$device", lost.Device),
        ("$at", lost.At.UtcTicks),
        ("$reason", lost.Reason)).ExecuteNonQuery();

    public static List<(long Place, LostDevice Device)> ListLost(SqlSession session, string roll, long after, int max)
    {
        using var rows = session.Prepared(
            "SELECT place, device, at, reason FROM rehearsal_lost WHERE roll = $roll AND place > $after ORDER BY place LIMIT $max",
            ("$roll", Keys.Of(roll)),
            ("$after", after),
            ("$max", (long)max)).ExecuteReader();
        var found = new List<(long, LostDevice)>();
        while (rows.Read())
        {
            found.Add((rows.GetInt64(0), new LostDevice(rows.GetString(1), new DateTimeOffset(rows.GetInt64(2), TimeSpan.Zero), rows.GetString(3))));
        }

        return found;
    }

    private static IEnumerable<(string Name, object? Value)> Parameters(Rehearsal rehearsal) =>
    [
        ("$roll", Keys.Of(rehearsal.Roll)),
        ("$id", rehearsal.Id),
        ("$state", (long)rehearsal.State),
        ("$progress", (long)(rehearsal.Progress * 1000)),
        ("$document", JsonSerializer.Serialize(rehearsal, StorageJson.Default.Rehearsal)),
    ];

    private static Rehearsal Read(DbDataReader row) => JsonSerializer.Deserialize(row.GetString(2), StorageJson.Default.Rehearsal)! with
    {
        State = (RehearsalState)row.GetInt64(0),
        Progress = row.GetInt64(1) / 1000.0,
    };
}
