using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>Leaves that devices obtained, in memory, with the semantics of the port.</summary>
internal sealed class MemoryLeaves(MemoryEnrollments enrollments) : IIssuedLeafStore
{
    private readonly Lock _turn = new();
    private readonly List<IssuedLeaf> _stored = [];
    private readonly Dictionary<Thumbprint, string> _told = [];

    public async Task<bool> TryRecordAsync(
        IssuedLeaf leaf, Enrollment? placed, string expectedETag, string actor, CancellationToken cancellationToken)
    {
        if (placed is not null)
        {
            if (await enrollments.SaveAsync(placed, expectedETag, actor, cancellationToken) is not EnrollmentWrite.Saved)
            {
                return false;
            }
        }
        else if ((await enrollments.FindAsync(leaf.Enrollment, cancellationToken))?.ETag != expectedETag)
        {
            return false;
        }

        lock (_turn)
        {
            _stored.Add(leaf);
        }

        return true;
    }

    public Task<IssuedLeaf?> FindUntoldAsync(RegistrationId id, CancellationToken cancellationToken) =>
        Task.FromResult(Newest(id).FirstOrDefault(leaf => leaf.Retired is null && !_told.ContainsKey(leaf.Thumbprint)));

    public Task<IssuedLeaf?> FindByOperationAsync(RegistrationId id, string operationId, CancellationToken cancellationToken) =>
        Task.FromResult(Newest(id).FirstOrDefault(leaf => _told.GetValueOrDefault(leaf.Thumbprint) == operationId));

    public Task<IReadOnlyList<IssuedLeaf>> ListAsync(RegistrationId id, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IssuedLeaf>>([.. Newest(id)]);

    public IPendingWrite Tell(RegistrationId id, string operationId) => new MemoryWrite(() =>
    {
        foreach (var leaf in Newest(id))
        {
            _told.TryAdd(leaf.Thumbprint, operationId);
        }
    });

    /// <summary>The record of a leaf, with its enrollment.</summary>
    public async Task<IssuedLeafMatch?> FindAsync(Thumbprint leaf) =>
        One(leaf) is { } record && await enrollments.FindAsync(record.Enrollment, CancellationToken.None) is { } enrollment
            ? new IssuedLeafMatch(record, enrollment)
            : null;

    /// <summary>A leaf was used: those before it retire.</summary>
    public void NoteUse(Thumbprint leaf, DateTimeOffset at)
    {
        lock (_turn)
        {
            var index = _stored.FindIndex(record => record.Thumbprint == leaf);
            for (var i = 0; i <= index && _stored[index].Proven is null; i++)
            {
                _stored[i] = _stored[i].RegistrationId != _stored[index].RegistrationId || i == index
                    ? _stored[i]
                    : _stored[i] with { Retired = _stored[i].Retired ?? at };
            }

            if (index >= 0)
            {
                _stored[index] = _stored[index] with { Proven = _stored[index].Proven ?? at };
            }
        }
    }

    private IssuedLeaf? One(Thumbprint leaf)
    {
        lock (_turn)
        {
            return _stored.FirstOrDefault(record => record.Thumbprint == leaf);
        }
    }

    private List<IssuedLeaf> Newest(RegistrationId id)
    {
        lock (_turn)
        {
            return [.. _stored.Where(leaf => leaf.RegistrationId.Equals(id)).Reverse()];
        }
    }
}
