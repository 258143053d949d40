using Perennial.Rolling.Capacity;
using Perennial.Rolling.Rolls;

namespace Perennial.Rolling.Rehearsals;

/// <summary>What the service of a rehearsal was measured to bear. Its issuing authorities are not rolled.</summary>
internal sealed class VirtualCapacity(RehearsalScene scene) : ICapacityStore, IRolledIssuers
{
    public Task<ServiceCapacity> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(scene.Measured);

    public Task SaveAsync(ServiceCapacity capacity, string actor, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<(RolledIssuer? Active, RolledIssuer? Prepared)> FindAsync(string issuer, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<RolledIssuer?> FindSlotAsync(string slot, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<bool> TryActivateAsync(string slot, string actor, CancellationToken cancellationToken) => throw NotPlayed();

    private static NotSupportedException NotPlayed() => new("It is no part of a rehearsal.");
}
