using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Provisioning;
using Perennial.Provisioning.CaCertificates;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Server.Storage.Sql;

/// <summary>CA certificates.</summary>
internal sealed class CaCertificateStore(SqlDatabase database, TimeProvider time) : ICaCertificateStore
{
    public Task<CaCertificate?> FindAsync(string name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, name), cancellationToken);

    public Task<Page<CaCertificate>> ListAsync(PageRequest request, CancellationToken cancellationToken) =>
        database.ReadAsync(session => List(session, request), cancellationToken);

    public Task<bool> TrySaveAsync(
        CaCertificate certificate, string? expectedETag, string action, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(session => TrySave(session, certificate, expectedETag, action, actor), cancellationToken);

    public Task<DeleteOutcome> DeleteAsync(string name, string? etag, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Delete(session, name, etag, actor), cancellationToken);

    public Task<IReadOnlyList<EnrollmentKey>> FindReferencesAsync(string name, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<EnrollmentKey>>(session => References(session, name), cancellationToken);

    public static CaCertificate? Find(SqlSession session, string name)
    {
        using var reader = session.Prepared(
            "SELECT etag, verified, der, document FROM ca_certificate WHERE key = $key", ("$key", Keys.Of(name))).ExecuteReader();
        return reader.Read() ? Read(reader) : null;
    }

    private static bool TrySave(SqlSession session, CaCertificate certificate, string? expectedETag, string action, string actor)
    {
        var stored = Find(session, certificate.Name);
        if (!string.Equals(stored?.ETag, expectedETag, StringComparison.Ordinal))
        {
            return false;
        }

        session.Prepared(
            """
            INSERT INTO ca_certificate (key, etag, verified, subject, der, document, not_after)
            VALUES ($key, $etag, $verified, $subject, $der, $document, $not_after)
            ON CONFLICT (key) DO UPDATE SET etag = excluded.etag, verified = excluded.verified, subject = excluded.subject,
                der = excluded.der, document = excluded.document, not_after = excluded.not_after
            """,
            ("$key", Keys.Of(certificate.Name)),
            ("$etag", certificate.ETag),
            ("$verified", certificate.IsVerified ? 1 : 0),
            ("$subject", certificate.Certificate.Subject.Key.ToArray()),
            ("$der", certificate.Certificate.Der.ToArray()),
            ("$document", JsonSerializer.Serialize(CaCertificateDocument.From(certificate), StorageJson.Default.CaCertificateDocument)),
            ("$not_after", certificate.Certificate.NotAfter.UtcTicks)).ExecuteNonQuery();
        AuditRow.Write(
            session, certificate.LastUpdated, actor, $"ca-certificate.{action}", Subject(certificate.Name), Describe(stored), Describe(certificate));
        return true;
    }

    private DeleteOutcome Delete(SqlSession session, string name, string? etag, string actor)
    {
        if (Find(session, name) is not { } stored)
        {
            return DeleteOutcome.NotFound;
        }

        if (etag is not null && !string.Equals(etag, stored.ETag, StringComparison.Ordinal))
        {
            return DeleteOutcome.ETagMismatch;
        }

        session.Prepared("DELETE FROM ca_certificate WHERE key = $key", ("$key", Keys.Of(name))).ExecuteNonQuery();
        AuditRow.Write(session, time.GetUtcNow(), actor, "ca-certificate.delete", Subject(name), Describe(stored), after: null);
        return DeleteOutcome.Deleted;
    }

    private static Page<CaCertificate> List(SqlSession session, PageRequest request)
    {
        using var reader = session.Prepared(
            "SELECT etag, verified, der, document FROM ca_certificate WHERE key > $after ORDER BY key LIMIT $limit",
            ("$after", request.After ?? ""),
            ("$limit", request.Size + 1)).ExecuteReader();
        var items = new List<CaCertificate>();
        while (items.Count < request.Size && reader.Read())
        {
            items.Add(Read(reader));
        }

        return new Page<CaCertificate>(items, items.Count == request.Size && reader.Read() ? Keys.Of(items[^1].Name) : null);
    }

    private static List<EnrollmentKey> References(SqlSession session, string name)
    {
        using var reader = session.Prepared(
            """
            SELECT r.kind, e.document FROM enrollment_reference r JOIN enrollment e ON e.kind = r.kind AND e.key = r.key WHERE r.ca = $ca
            """,
            ("$ca", Keys.Of(name))).ExecuteReader();
        var keys = new List<EnrollmentKey>();
        while (reader.Read())
        {
            var document = JsonSerializer.Deserialize(reader.GetString(1), StorageJson.Default.EnrollmentDocument)!;
            keys.Add(Keys.Enrollment((EnrollmentKind)reader.GetInt32(0), document.Id));
        }

        return keys;
    }

    private static CaCertificate Read(DbDataReader row) =>
        JsonSerializer.Deserialize(row.GetString(3), StorageJson.Default.CaCertificateDocument)!
            .ToDomain(row.GetString(0), row.GetInt64(1) != 0, row.GetFieldValue<byte[]>(2));

    private static string Subject(string name) => $"CA certificate '{name}'";

    private static string? Describe(CaCertificate? certificate) => certificate is null
        ? null
        : new JsonObject { ["thumbprint"] = certificate.Certificate.Thumbprint.ToString(), ["isVerified"] = certificate.IsVerified }.ToJsonString();
}
