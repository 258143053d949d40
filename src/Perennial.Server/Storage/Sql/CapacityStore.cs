using System.Globalization;
using Perennial.Rolling.Capacity;

namespace Perennial.Server.Storage.Sql;

/// <summary>Measured capacity in SQL.</summary>
internal sealed class CapacityStore(SqlDatabase database, TimeProvider time) : ICapacityStore
{
    private const string Authority = "authority";
    private const string Provisioning = "provisioning";
    private const string Hub = "hub";

    // Written over and over to see how fast writes get to the disk; never read.
    private const string Trial = "trial";

    public Task<ServiceCapacity> ReadAsync(CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            var figures = new Dictionary<string, CapacityFigure>(StringComparer.Ordinal);
            using var rows = session.Prepared("SELECT name, per_minute, at, how FROM capacity").ExecuteReader();
            while (rows.Read())
            {
                figures.Add(rows.GetString(0), new CapacityFigure((int)rows.GetInt64(1), new DateTimeOffset(rows.GetInt64(2), TimeSpan.Zero), rows.GetString(3)));
            }

            return new ServiceCapacity
            {
                Authority = figures.GetValueOrDefault(Authority),
                Provisioning = figures.GetValueOrDefault(Provisioning),
                Hub = figures.GetValueOrDefault(Hub),
            };
        },
        cancellationToken);

    public Task SaveAsync(ServiceCapacity capacity, string actor, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            foreach (var (name, figure) in new[] { (Authority, capacity.Authority), (Provisioning, capacity.Provisioning), (Hub, capacity.Hub) })
            {
                if (figure is not null)
                {
                    Write(session, name, figure);
                    AuditRow.Write(
                        session, time.GetUtcNow(), actor, "capacity.measure", $"capacity of the {name}", before: null, figure.PerMinute.ToString(CultureInfo.InvariantCulture));
                }
            }

            return true;
        },
        cancellationToken);

    /// <summary>A small write that is on disk when it returns, for measuring.</summary>
    public Task TryWriteAsync(int number, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            Write(session, $"{Trial} {number}", new CapacityFigure(0, time.GetUtcNow(), ""));
            return true;
        },
        cancellationToken);

    /// <summary>Takes out what was written for measuring.</summary>
    public Task ForgetTrialsAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Prepared("DELETE FROM capacity WHERE name >= $from AND name < $to", ("$from", $"{Trial} "), ("$to", $"{Trial}!")).ExecuteNonQuery(), cancellationToken);

    private static void Write(SqlSession session, string name, CapacityFigure figure) => session.Prepared(
        """
        INSERT INTO capacity (name, per_minute, at, how) VALUES ($name, $per_minute, $at, $how)
        ON CONFLICT (name) DO UPDATE SET per_minute = excluded.per_minute, at = excluded.at, how = excluded.how
        """,
        ("$name", name),
        ("$per_minute", (long)figure.PerMinute),
        ("$at", figure.At.UtcTicks),
        ("$how", figure.How)).ExecuteNonQuery();
}
