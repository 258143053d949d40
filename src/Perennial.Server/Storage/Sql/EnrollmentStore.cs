using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Server.Storage.Sql;

/// <summary>Enrollments in SQL.</summary>
internal sealed class EnrollmentStore(SqlDatabase database, TimeProvider time) : IEnrollmentStore
{
    public Task<Enrollment?> FindAsync(EnrollmentKey key, CancellationToken cancellationToken) =>
        database.ReadAsync(session => EnrollmentRows.Find(session, key.Kind, Keys.Of(key.Id)), cancellationToken);

    public Task<EnrollmentCandidates> FindCandidatesAsync(RegistrationId id, DeviceProof proof, CancellationToken cancellationToken) =>
        FindCandidatesAsync(id, proof, ProposedEnrollments.None, cancellationToken);

    public Task<EnrollmentCandidates> FindCandidatesAsync(
        RegistrationId id, DeviceProof proof, ProposedEnrollments proposed, CancellationToken cancellationToken) =>
        database.ReadAsync(session => new CandidateSearch(session, proposed).Find(id, proof), cancellationToken);

    public Task<EnrollmentWrite> CheckAsync(Enrollment enrollment, string? expectedETag, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => Fault(session, enrollment, EnrollmentRows.Find(session, enrollment.Key.Kind, Keys.Of(enrollment.Key.Id)), expectedETag)
                ?? new EnrollmentWrite.Saved(),
            cancellationToken);

    public Task<EnrollmentWrite> SaveAsync(
        Enrollment enrollment, string? expectedETag, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Save(session, enrollment, expectedETag, actor), cancellationToken);

    public Task<DeleteOutcome> DeleteAsync(EnrollmentKey key, string? etag, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Delete(session, key, etag, actor), cancellationToken);

    public Task<Page<Enrollment>> ListAsync(EnrollmentKind kind, PageRequest request, CancellationToken cancellationToken) =>
        database.ReadAsync(session => EnrollmentRows.List(session, kind, request), cancellationToken);

    public Task<IReadOnlyList<CaReference>> FindReferencesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<CaReference>>(
            session => [.. names.Select(name => EnrollmentReferenceRows.Resolve(session, name))], cancellationToken);

    private static EnrollmentWrite Save(SqlSession session, Enrollment enrollment, string? expectedETag, string actor)
    {
        var (kind, key) = (enrollment.Key.Kind, Keys.Of(enrollment.Key.Id));
        var stored = EnrollmentRows.Find(session, kind, key);
        if (Fault(session, enrollment, stored, expectedETag) is { } fault)
        {
            return fault;
        }

        EnrollmentRows.Upsert(session, enrollment);
        Audit(session, enrollment.LastUpdated, actor, "enrollment.save", stored, enrollment);
        return new EnrollmentWrite.Saved();
    }

    private static EnrollmentWrite? Fault(SqlSession session, Enrollment enrollment, Enrollment? stored, string? expectedETag) =>
        !string.Equals(stored?.ETag, expectedETag, StringComparison.Ordinal) ? new EnrollmentWrite.Changed()
        : EnrollmentRows.HolderOfAny(session, enrollment) is { } taken ? taken
        : EnrollmentKeyRows.IsOneTooMany(session, enrollment) ? new EnrollmentWrite.TooManyKeyGroups()
        : null;

    private DeleteOutcome Delete(SqlSession session, EnrollmentKey key, string? etag, string actor)
    {
        if (EnrollmentRows.Find(session, key.Kind, Keys.Of(key.Id)) is not { } stored)
        {
            return DeleteOutcome.NotFound;
        }

        if (etag is not null && !string.Equals(etag, stored.ETag, StringComparison.Ordinal))
        {
            return DeleteOutcome.ETagMismatch;
        }

        EnrollmentRows.Delete(session, key.Kind, Keys.Of(key.Id));
        AuditRow.Write(session, time.GetUtcNow(), actor, "enrollment.delete", key.ToString(), Describe(stored), after: null);
        return DeleteOutcome.Deleted;
    }

    /// <summary>Writes the audit row of an enrollment that was changed or made.</summary>
    public static void Audit(SqlSession session, DateTimeOffset at, string actor, string action, Enrollment? before, Enrollment after) =>
        AuditRow.Write(session, at, actor, action, after.Key.ToString(), Describe(before), Describe(after));

    private static string? Describe(Enrollment? enrollment)
    {
        if (enrollment is null)
        {
            return null;
        }

        var description = JsonSerializer.SerializeToNode(EnrollmentDocument.From(enrollment), StorageJson.Default.EnrollmentDocument)!.AsObject();
        foreach (var (slot, certificate) in enrollment.Mechanism.Certificates)
        {
            description[slot == Slot.Primary ? "primary" : "secondary"] = JsonValue.Create(certificate.Thumbprint.ToString());
        }

        foreach (var (slot, reference) in (enrollment.Mechanism as AttestationMechanism.CaReferences)?.Filled() ?? [])
        {
            description[slot == Slot.Primary ? "primaryReference" : "secondaryReference"] = JsonValue.Create(reference.Name);
        }

        return description.ToJsonString();
    }
}
