using Perennial.Rolling.Capacity;

namespace Perennial.Rolling.Rehearsals;

/// <summary>What the service of a rehearsal was measured to bear.</summary>
internal sealed class VirtualCapacity(RehearsalScene scene) : ICapacityStore
{
    public Task<ServiceCapacity> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(scene.Measured);

    public Task SaveAsync(ServiceCapacity capacity, string actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException("It is no part of a rehearsal.");
}
