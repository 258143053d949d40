using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Server.Storage.Sql;

/// <summary>Leaves that devices obtained, in SQL.</summary>
internal sealed class IssuedLeafStore(SqlDatabase database) : IIssuedLeafStore
{
    private const int MaxListed = 32;

    public Task<bool> TryRecordAsync(
        IssuedLeaf leaf, Enrollment? placed, string expectedETag, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(session => TryRecord(session, leaf, placed, expectedETag, actor), cancellationToken);

    public Task<IssuedLeaf?> FindUntoldAsync(RegistrationId id, CancellationToken cancellationToken) => FindAsync(
        "AND l.operation IS NULL AND l.retired IS NULL", id, cancellationToken);

    public Task<IssuedLeaf?> FindByOperationAsync(RegistrationId id, string operationId, CancellationToken cancellationToken) => FindAsync(
        "AND l.operation = $operation", id, cancellationToken, ("$operation", operationId));

    public Task<IReadOnlyList<IssuedLeaf>> ListAsync(RegistrationId id, CancellationToken cancellationToken) => database.ReadAsync(
        session => IssuedLeafRows.Read(
            session, $"WHERE l.registration = $registration ORDER BY l.number DESC LIMIT {MaxListed}", ("$registration", Keys.Of(id.Value))),
        cancellationToken);

    public IPendingWrite Tell(RegistrationId id, string operationId) => new SqlWrite(session => session.Prepared(
        "UPDATE issued_leaf SET operation = $operation WHERE registration = $registration AND operation IS NULL",
        ("$operation", operationId),
        ("$registration", Keys.Of(id.Value))).ExecuteNonQuery());

    private async Task<IssuedLeaf?> FindAsync(
        string condition, RegistrationId id, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        var found = await database.ReadAsync(
            session => IssuedLeafRows.Read(
                session,
                $"WHERE l.registration = $registration {condition} ORDER BY l.number DESC LIMIT 1",
                [("$registration", Keys.Of(id.Value)), .. parameters]),
            cancellationToken);
        return found is [{ IsRevoked: false } leaf] ? leaf : null;
    }

    private static bool TryRecord(SqlSession session, IssuedLeaf leaf, Enrollment? placed, string expectedETag, string actor)
    {
        var key = leaf.Enrollment;
        if (EnrollmentRows.Find(session, key.Kind, Keys.Of(key.Id)) is not { } stored || stored.ETag != expectedETag)
        {
            return false;
        }

        if (placed is not null)
        {
            EnrollmentRows.Upsert(session, placed);
            EnrollmentStore.Audit(session, leaf.Issued, actor, "enrollment.stage", stored, placed);
        }

        IssuedLeafRows.Insert(session, leaf);
        return true;
    }
}
