using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;

namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>Registrations in memory, with the semantics of the port. Every commit is remembered.</summary>
internal sealed class MemoryRegistrations(MemoryOperations operations) : IRegistrationStore
{
    private readonly Lock _turn = new();
    private readonly Dictionary<RegistrationId, Registration> _stored = [];

    public List<Registration> Commits { get; } = [];

    public IReadOnlyCollection<Registration> All => _stored.Values;

    public async Task<Registration?> FindAsync(RegistrationId id, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_turn)
        {
            return _stored.GetValueOrDefault(id);
        }
    }

    public async Task<bool> TryCommitAsync(
        Registration next, string? expectedETag, IReadOnlyList<IPendingWrite> together, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_turn)
        {
            if (_stored.GetValueOrDefault(next.Id)?.ETag != expectedETag)
            {
                return false;
            }

            _stored[next.Id] = next;
            Commits.Add(next);
            operations.Pending.TryRemove(next.Id, out _);
            foreach (var write in together.Cast<MemoryWrite>())
            {
                write.Run();
            }

            return true;
        }
    }

    public Task<DeleteOutcome> DeleteAsync(RegistrationId id, string? etag, string actor, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            return Task.FromResult(_stored.Remove(id) ? DeleteOutcome.Deleted : DeleteOutcome.NotFound);
        }
    }

    public Task<Page<Registration>> ListAsync(EnrollmentKey group, PageRequest request, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            return Task.FromResult(new Page<Registration>([.. _stored.Values.Where(r => r.Enrollment == group)], null));
        }
    }
}
