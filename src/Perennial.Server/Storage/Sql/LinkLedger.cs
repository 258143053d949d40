namespace Perennial.Server.Storage.Sql;

/// <summary>The recorded links of hubs, with their audit rows.</summary>
internal sealed class LinkLedger(SqlDatabase database, TimeProvider time) : ILinkLedger
{
    public Task RecordAsync(IReadOnlyList<LinkPrint> links, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var stored = Read(session);
                foreach (var link in links.Where(link => stored.GetValueOrDefault(link.Subject) != link.Document))
                {
                    session.Prepared(
                        "INSERT INTO hub_link (name, document) VALUES ($name, $document) ON CONFLICT (name) DO UPDATE SET document = excluded.document",
                        ("$name", link.Subject),
                        ("$document", link.Document)).ExecuteNonQuery();
                    var before = stored.GetValueOrDefault(link.Subject);
                    AuditRow.Write(session, time.GetUtcNow(), actor, before is null ? "link.create" : "link.save", link.Subject, before, link.Document);
                }

                foreach (var gone in stored.Keys.Except(links.Select(link => link.Subject)))
                {
                    session.Prepared("DELETE FROM hub_link WHERE name = $name", ("$name", gone)).ExecuteNonQuery();
                    AuditRow.Write(session, time.GetUtcNow(), actor, "link.delete", gone, stored[gone], after: null);
                }

                return true;
            },
            cancellationToken);

    private static Dictionary<string, string> Read(SqlSession session)
    {
        using var reader = session.Prepared("SELECT name, document FROM hub_link").ExecuteReader();
        var stored = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read())
        {
            stored.Add(reader.GetString(0), reader.GetString(1));
        }

        return stored;
    }
}
