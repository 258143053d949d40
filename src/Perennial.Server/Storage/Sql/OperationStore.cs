using System.Text.Json;
using Perennial.Provisioning;
using Perennial.Provisioning.Registrations;

namespace Perennial.Server.Storage.Sql;

/// <summary>Pending operations and departures.</summary>
internal sealed class OperationStore(SqlDatabase database) : IOperationStore
{
    public Task<PendingOperation?> FindAsync(RegistrationId id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, id), cancellationToken);

    public Task BeginAsync(PendingOperation operation, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Begin(session, operation), cancellationToken);

    public Task EndAsync(PendingOperation operation, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Prepared(
            "DELETE FROM operation WHERE key = $key AND operation = $operation",
            ("$key", Keys.Of(operation.Id.Value)),
            ("$operation", operation.OperationId)).ExecuteNonQuery(),
        cancellationToken);

    public IPendingWrite Depart(Departure departure) => new SqlWrite(session => session.Prepared(
        """
        INSERT INTO departure (hub, device, registration) VALUES ($hub, $device, $registration)
        ON CONFLICT (hub, device) DO UPDATE SET registration = excluded.registration
        """,
        ("$hub", Keys.Of(departure.HubHostName)),
        ("$device", departure.DeviceId),
        ("$registration", departure.Registration.Value)).ExecuteNonQuery());

    public IPendingWrite Arrive(string hubHostName, string deviceId) => new SqlWrite(session => Forget(session, hubHostName, deviceId));

    public Task<IReadOnlyList<Departure>> ListDeparturesAsync(Departure? after, int max, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Departure>>(session => List(session, after, max), cancellationToken);

    public Task ForgetAsync(Departure departure, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Forget(session, departure.HubHostName, departure.DeviceId), cancellationToken);

    /// <summary>Ends whatever operation of the device is under way.</summary>
    public static void End(SqlSession session, RegistrationId id) =>
        session.Prepared("DELETE FROM operation WHERE key = $key", ("$key", Keys.Of(id.Value))).ExecuteNonQuery();

    private static PendingOperation? Find(SqlSession session, RegistrationId id)
    {
        using var reader = session.Prepared(
            "SELECT operation, document FROM operation WHERE key = $key", ("$key", Keys.Of(id.Value))).ExecuteReader();
        return reader.Read()
            ? JsonSerializer.Deserialize(reader.GetString(1), StorageJson.Default.OperationDocument)!.ToDomain(reader.GetString(0))
            : null;
    }

    private static int Begin(SqlSession session, PendingOperation operation) => session.Prepared(
        """
        INSERT INTO operation (key, operation, document) VALUES ($key, $operation, $document)
        ON CONFLICT (key) DO UPDATE SET operation = excluded.operation, document = excluded.document
        """,
        ("$key", Keys.Of(operation.Id.Value)),
        ("$operation", operation.OperationId),
        ("$document", JsonSerializer.Serialize(OperationDocument.From(operation), StorageJson.Default.OperationDocument))).ExecuteNonQuery();

    private static int Forget(SqlSession session, string hubHostName, string deviceId) => session.Prepared(
        "DELETE FROM departure WHERE hub = $hub AND device = $device", ("$hub", Keys.Of(hubHostName)), ("$device", deviceId)).ExecuteNonQuery();

    private static List<Departure> List(SqlSession session, Departure? after, int max)
    {
        using var reader = session.Prepared(
            """
            SELECT hub, device, registration FROM departure
            WHERE hub > $hub OR (hub = $hub AND device > $device) ORDER BY hub, device LIMIT $max
            """,
            ("$hub", after is null ? "" : Keys.Of(after.HubHostName)),
            ("$device", after?.DeviceId ?? ""),
            ("$max", max)).ExecuteReader();
        var found = new List<Departure>();
        while (reader.Read())
        {
            found.Add(new Departure(reader.GetString(0), reader.GetString(1), Keys.Registration(reader.GetString(2))));
        }

        return found;
    }
}
