using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Perennial.Server.Notices;

namespace Perennial.Server.Storage.Sql;

/// <summary>Webhooks, notices and deliveries in SQL.</summary>
internal sealed class WebhookStore(SqlDatabase database, TimeProvider time) : IWebhookStore
{
    private const string Columns = "SELECT name, etag, url, kinds, enabled, primary_key, secondary_key FROM webhook";

    private const string DeliveryColumns = "SELECT d.webhook, n.id, n.subject, n.kind, n.at, n.body, d.state, d.tries, d.due, d.fault";

    private const string Deliveries = "FROM delivery d JOIN notice n ON n.id = d.notice";

    private const string FirstDue =
        $"""
        SELECT * FROM (
            {DeliveryColumns}, row_number() OVER (PARTITION BY d.webhook ORDER BY d.due, n.id) AS place {Deliveries} WHERE d.state = 0 AND d.due <= $now
        ) AS waiting WHERE place <= $most ORDER BY due, id
        """;

    public Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<Webhook>>(
        session => Read(session.Prepared($"{Columns} ORDER BY name")), cancellationToken);

    public Task<Webhook?> FindAsync(string name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, name), cancellationToken);

    public Task<bool> SaveAsync(Webhook webhook, string? expected, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Save(session, webhook, expected, actor), cancellationToken);

    public Task<bool> DeleteAsync(string name, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Delete(session, name, actor), cancellationToken);

    public Task<bool> RaiseAsync(Notice notice, string? only, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Raise(session, notice, only), cancellationToken);

    public Task<IReadOnlyList<Delivery>> DueAsync(DateTimeOffset now, int perWebhook, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Delivery>>(
            session => ReadDeliveries(session.Prepared(FirstDue, ("$now", now.UtcTicks), ("$most", (long)perWebhook))),
            cancellationToken);

    public Task NoteAsync(Delivery delivery, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Prepared(
            "UPDATE delivery SET state = $state, tries = $tries, due = $due, fault = $fault WHERE webhook = $webhook AND notice = $notice AND state = 0",
            ("$state", (int)delivery.State),
            ("$tries", delivery.Tries),
            ("$due", delivery.Due.UtcTicks),
            ("$fault", delivery.Fault),
            ("$webhook", delivery.Webhook),
            ("$notice", delivery.Notice.Id)).ExecuteNonQuery(),
        cancellationToken);

    public Task<IReadOnlyList<Delivery>> DeliveriesAsync(string webhook, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Delivery>>(
            session => ReadDeliveries(session.Prepared(
                $"{DeliveryColumns} {Deliveries} WHERE d.webhook = $webhook ORDER BY n.at DESC, n.id DESC LIMIT $limit", ("$webhook", webhook), ("$limit", (long)limit))),
            cancellationToken);

    public Task ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            session.Prepared("DELETE FROM delivery WHERE notice IN (SELECT id FROM notice WHERE at < $before)", ("$before", before.UtcTicks)).ExecuteNonQuery();
            return session.Prepared("DELETE FROM notice WHERE at < $before", ("$before", before.UtcTicks)).ExecuteNonQuery();
        },
        cancellationToken);

    private static Webhook? Find(SqlSession session, string name) =>
        Read(session.Prepared($"{Columns} WHERE name = $name", ("$name", name))).SingleOrDefault();

    private bool Save(SqlSession session, Webhook webhook, string? expected, string actor)
    {
        var stored = Find(session, webhook.Name);
        if (stored?.ETag != expected)
        {
            return false;
        }

        session.Prepared(
            """
            INSERT INTO webhook (name, etag, url, kinds, enabled, primary_key, secondary_key)
            VALUES ($name, $etag, $url, $kinds, $enabled, $primary, $secondary)
            ON CONFLICT (name) DO UPDATE SET etag = excluded.etag, url = excluded.url, kinds = excluded.kinds, enabled = excluded.enabled,
                primary_key = excluded.primary_key, secondary_key = excluded.secondary_key
            """,
            ("$name", webhook.Name),
            ("$etag", webhook.ETag),
            ("$url", webhook.Url.OriginalString),
            ("$kinds", (int)webhook.Kinds),
            ("$enabled", webhook.IsEnabled ? 1 : 0),
            ("$primary", webhook.PrimaryKey.ToArray()),
            ("$secondary", webhook.SecondaryKey.ToArray())).ExecuteNonQuery();
        Audit(session, actor, stored is null ? "webhook.create" : "webhook.save", webhook.Name, stored, webhook);
        return true;
    }

    private bool Delete(SqlSession session, string name, string actor)
    {
        if (Find(session, name) is not { } stored)
        {
            return false;
        }

        session.Prepared("DELETE FROM webhook WHERE name = $name", ("$name", name)).ExecuteNonQuery();
        session.Prepared("DELETE FROM delivery WHERE webhook = $name", ("$name", name)).ExecuteNonQuery();
        Audit(session, actor, "webhook.delete", name, stored, after: null);
        return true;
    }

    /// <summary>Stores a notice and its deliveries in the transaction of what it tells.</summary>
    /// <param name="session">The writer.</param>
    /// <param name="notice">What is told.</param>
    /// <param name="only">The one webhook that is told; null for all that want it.</param>
    /// <returns>False when its subject was told before.</returns>
    public static bool Raise(SqlSession session, Notice notice, string? only)
    {
        var isNew = session.Prepared(
            "INSERT INTO notice (id, subject, kind, at, body) VALUES ($id, $subject, $kind, $at, $body) ON CONFLICT (subject) DO NOTHING",
            ("$id", notice.Id),
            ("$subject", notice.Subject),
            ("$kind", (int)notice.Kind),
            ("$at", notice.At.UtcTicks),
            ("$body", notice.Body)).ExecuteNonQuery() > 0;
        if (!isNew)
        {
            return false;
        }

        foreach (var webhook in Read(session.Prepared($"{Columns} ORDER BY name"))
            .Where(webhook => only is null ? webhook.IsEnabled && webhook.Kinds.HasFlag(notice.Kind) : webhook.Name == only))
        {
            session.Prepared(
                "INSERT INTO delivery (webhook, notice, state, tries, due, fault) VALUES ($webhook, $notice, 0, 0, $due, NULL)",
                ("$webhook", webhook.Name),
                ("$notice", notice.Id),
                ("$due", notice.At.UtcTicks)).ExecuteNonQuery();
        }

        return true;
    }

    private void Audit(SqlSession session, string actor, string action, string name, Webhook? before, Webhook? after) =>
        AuditRow.Write(session, time.GetUtcNow(), actor, action, $"webhook '{name}'", Describe(before), Describe(after));

    // An address can hold a secret in its query.
    private static string? Describe(Webhook? webhook) => webhook is null ? null : new JsonObject
    {
        ["url"] = webhook.Url.GetLeftPart(UriPartial.Path),
        ["kinds"] = string.Join(", ", NoticeNames.OfAll(webhook.Kinds)),
        ["enabled"] = webhook.IsEnabled,
        ["primaryKeySha256"] = Print(webhook.PrimaryKey),
        ["secondaryKeySha256"] = Print(webhook.SecondaryKey),
    }.ToJsonString();

    private static string Print(ReadOnlyMemory<byte> key) => Convert.ToHexString(SHA256.HashData(key.Span));

    private static List<Webhook> Read(DbCommand command)
    {
        using var row = command.ExecuteReader();
        var webhooks = new List<Webhook>();
        while (row.Read())
        {
            webhooks.Add(new Webhook
            {
                Name = row.GetString(0),
                ETag = row.GetString(1),
                Url = new Uri(row.GetString(2)),
                Kinds = (NoticeKind)row.GetInt64(3),
                IsEnabled = row.GetInt64(4) == 1,
                PrimaryKey = row.GetFieldValue<byte[]>(5),
                SecondaryKey = row.GetFieldValue<byte[]>(6),
            });
        }

        return webhooks;
    }

    private static List<Delivery> ReadDeliveries(DbCommand command)
    {
        using var row = command.ExecuteReader();
        var deliveries = new List<Delivery>();
        while (row.Read())
        {
            var notice = new Notice(row.GetString(1), row.GetString(2), (NoticeKind)row.GetInt64(3), At(row, 4), row.GetString(5));
            deliveries.Add(new Delivery(
                row.GetString(0),
                notice,
                (DeliveryState)row.GetInt64(6),
                Convert.ToInt32(row.GetValue(7), CultureInfo.InvariantCulture),
                At(row, 8),
                row.IsDBNull(9) ? null : row.GetString(9)));
        }

        return deliveries;
    }

    private static DateTimeOffset At(DbDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);
}
