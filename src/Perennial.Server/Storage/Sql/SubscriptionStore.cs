using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;

namespace Perennial.Server.Storage.Sql;

/// <summary>The subscriptions of one hub's devices in SQL.</summary>
internal sealed class SubscriptionStore(SqlDatabase database, string hub) : ISubscriptionStore
{
    public Task<IReadOnlyList<StoredSubscription>> LoadAsync(DeviceId id, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredSubscription>>(session => Load(session, id), cancellationToken);

    public Task SaveAsync(DeviceId id, IReadOnlyList<StoredSubscription> subscriptions, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var subscription in subscriptions)
                {
                    Save(session, id, subscription);
                }

                return true;
            },
            cancellationToken);

    public Task RemoveAsync(DeviceId id, IReadOnlyList<string> filters, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var filter in filters)
                {
                    session.Prepared(
                        "DELETE FROM subscription WHERE hub = $hub AND id = $id AND filter = $filter",
                        ("$hub", hub),
                        ("$id", id.Value),
                        ("$filter", filter)).ExecuteNonQuery();
                }

                return true;
            },
            cancellationToken);

    public Task ClearAsync(DeviceId id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Prepared(
                "DELETE FROM subscription WHERE hub = $hub AND id = $id", ("$hub", hub), ("$id", id.Value)).ExecuteNonQuery(),
            cancellationToken);

    // A device that was deleted meanwhile gets no row that nobody would delete.
    private void Save(SqlSession session, DeviceId id, StoredSubscription subscription) =>
        session.Prepared(
            """
            INSERT INTO subscription (hub, id, filter, qos)
            SELECT hub, id, $filter, $qos FROM device WHERE hub = $hub AND id = $id
            ON CONFLICT (hub, id, filter) DO UPDATE SET qos = excluded.qos
            """,
            ("$filter", subscription.Filter),
            ("$qos", subscription.QualityOfService),
            ("$hub", hub),
            ("$id", id.Value)).ExecuteNonQuery();

    private List<StoredSubscription> Load(SqlSession session, DeviceId id)
    {
        using var reader = session.Prepared(
            "SELECT filter, qos FROM subscription WHERE hub = $hub AND id = $id", ("$hub", hub), ("$id", id.Value)).ExecuteReader();
        var subscriptions = new List<StoredSubscription>();
        while (reader.Read())
        {
            subscriptions.Add(new StoredSubscription(reader.GetString(0), reader.GetInt32(1)));
        }

        return subscriptions;
    }
}
