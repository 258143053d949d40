using System.Data.Common;
using System.Text.Json;
using Perennial.Authority.Issuers;

namespace Perennial.Server.Storage.Sql;

/// <summary>Certificate profiles.</summary>
internal sealed class ProfileStore(SqlDatabase database, TimeProvider time) : IProfileStore
{
    public Task<CertificateProfile?> FindAsync(string name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, name), cancellationToken);

    public Task<IReadOnlyList<CertificateProfile>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<CertificateProfile>>(
            session =>
            {
                using var rows = session.Prepared("SELECT etag, document FROM certificate_profile ORDER BY key").ExecuteReader();
                var profiles = new List<CertificateProfile>();
                while (rows.Read())
                {
                    profiles.Add(Read(rows));
                }

                return profiles;
            },
            cancellationToken);

    public Task<CertificateProfile> SaveAsync(CertificateProfile profile, string actor, CancellationToken cancellationToken)
    {
        var saved = profile with { ETag = Guid.NewGuid().ToString("N") };
        return database.WriteAsync(
            session =>
            {
                var stored = Find(session, profile.Name);
                var document = Describe(saved);
                session.Prepared(
                    """
                    INSERT INTO certificate_profile (key, etag, document) VALUES ($key, $etag, $document)
                    ON CONFLICT (key) DO UPDATE SET etag = excluded.etag, document = excluded.document
                    """,
                    ("$key", Keys.Of(profile.Name)),
                    ("$etag", saved.ETag),
                    ("$document", document)).ExecuteNonQuery();
                AuditRow.Write(session, time.GetUtcNow(), actor, "profile.save", Subject(profile.Name), Describe(stored), document);
                return saved;
            },
            cancellationToken);
    }

    public Task<bool> DeleteAsync(string name, string actor, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            if (Find(session, name) is not { } stored)
            {
                return false;
            }

            session.Prepared("DELETE FROM certificate_profile WHERE key = $key", ("$key", Keys.Of(name))).ExecuteNonQuery();
            AuditRow.Write(session, time.GetUtcNow(), actor, "profile.delete", Subject(stored.Name), Describe(stored), after: null);
            return true;
        },
        cancellationToken);

    private static CertificateProfile? Find(SqlSession session, string name)
    {
        using var row = session.Prepared("SELECT etag, document FROM certificate_profile WHERE key = $key", ("$key", Keys.Of(name))).ExecuteReader();
        return row.Read() ? Read(row) : null;
    }

    private static CertificateProfile Read(DbDataReader row) =>
        JsonSerializer.Deserialize(row.GetString(1), StorageJson.Default.ProfileDocument)!.ToDomain(row.GetString(0));

    private static string Subject(string name) => $"certificate profile '{name}'";

    private static string? Describe(CertificateProfile? profile) =>
        profile is null ? null : JsonSerializer.Serialize(ProfileDocument.From(profile), StorageJson.Default.ProfileDocument);
}
