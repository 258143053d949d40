using System.Data.Common;
using System.Text.Json;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;

namespace Perennial.Server.Storage.Sql;

/// <summary>Registrations in SQL.</summary>
internal sealed class RegistrationStore(SqlDatabase database, TimeProvider time) : IRegistrationStore
{
    public Task<Registration?> FindAsync(RegistrationId id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, id), cancellationToken);

    public Task<bool> TryCommitAsync(
        Registration next, string? expectedETag, IReadOnlyList<IPendingWrite> together, CancellationToken cancellationToken) =>
        database.WriteAsync(session => TryCommit(session, next, expectedETag, together), cancellationToken);

    public Task<DeleteOutcome> DeleteAsync(RegistrationId id, string? etag, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Delete(session, id, etag, actor), cancellationToken);

    public Task<Page<Registration>> ListAsync(EnrollmentKey group, PageRequest request, CancellationToken cancellationToken) =>
        database.ReadAsync(session => List(session, group, request), cancellationToken);

    private static bool TryCommit(
        SqlSession session, Registration next, string? expectedETag, IReadOnlyList<IPendingWrite> together)
    {
        if (!string.Equals(ETagOf(session, next.Id), expectedETag, StringComparison.Ordinal))
        {
            return false;
        }

        session.Prepared(
            """
            INSERT INTO registration (key, etag, enrollment_kind, enrollment_key, status, document)
            VALUES ($key, $etag, $kind, $enrollment, $status, $document)
            ON CONFLICT (key) DO UPDATE SET etag = excluded.etag, enrollment_kind = excluded.enrollment_kind,
                enrollment_key = excluded.enrollment_key, status = excluded.status, document = excluded.document
            """,
            ("$key", Keys.Of(next.Id.Value)),
            ("$etag", next.ETag),
            ("$kind", (int)next.Enrollment.Kind),
            ("$enrollment", Keys.Of(next.Enrollment.Id)),
            ("$status", (int)next.Status),
            ("$document", JsonSerializer.Serialize(RegistrationDocument.From(next), StorageJson.Default.RegistrationDocument)))
            .ExecuteNonQuery();
        OperationStore.End(session, next.Id);
        foreach (var write in together.OfType<SqlWrite>())
        {
            write.Run(session);
        }

        return true;
    }

    private DeleteOutcome Delete(SqlSession session, RegistrationId id, string? etag, string actor)
    {
        if (ETagOf(session, id) is not { } stored)
        {
            return DeleteOutcome.NotFound;
        }

        if (etag is not null && !string.Equals(etag, stored, StringComparison.Ordinal))
        {
            return DeleteOutcome.ETagMismatch;
        }

        session.Prepared("DELETE FROM registration WHERE key = $key", ("$key", Keys.Of(id.Value))).ExecuteNonQuery();
        AuditRow.Write(session, time.GetUtcNow(), actor, "registration.delete", $"registration '{id}'", before: null, after: null);
        return DeleteOutcome.Deleted;
    }

    private static string? ETagOf(SqlSession session, RegistrationId id) =>
        (string?)session.Prepared("SELECT etag FROM registration WHERE key = $key", ("$key", Keys.Of(id.Value))).ExecuteScalar();

    private static Registration? Find(SqlSession session, RegistrationId id)
    {
        using var reader = session.Prepared(
            "SELECT etag, enrollment_kind, document FROM registration WHERE key = $key", ("$key", Keys.Of(id.Value))).ExecuteReader();
        return reader.Read() ? Read(reader) : null;
    }

    private static Page<Registration> List(SqlSession session, EnrollmentKey group, PageRequest request)
    {
        using var reader = session.Prepared(
            """
            SELECT etag, enrollment_kind, document FROM registration
            WHERE enrollment_kind = $kind AND enrollment_key = $enrollment AND key > $after ORDER BY key LIMIT $limit
            """,
            ("$kind", (int)group.Kind),
            ("$enrollment", Keys.Of(group.Id)),
            ("$after", request.After ?? ""),
            ("$limit", request.Size + 1)).ExecuteReader();
        var items = new List<Registration>();
        while (items.Count < request.Size && reader.Read())
        {
            items.Add(Read(reader));
        }

        return new Page<Registration>(items, items.Count == request.Size && reader.Read() ? Keys.Of(items[^1].Id.Value) : null);
    }

    private static Registration Read(DbDataReader row) =>
        JsonSerializer.Deserialize(row.GetString(2), StorageJson.Default.RegistrationDocument)!
            .ToDomain(row.GetString(0), (EnrollmentKind)row.GetInt32(1));
}
