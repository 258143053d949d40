using Perennial.Rolling.Capacity;

namespace Perennial.Storage.Tests.Rolls;

/// <summary>Capacity as a test says it was measured.</summary>
internal sealed class KnownCapacity : ICapacityStore
{
    public ServiceCapacity Figures { get; set; } = ServiceCapacity.Unknown;

    public Task<ServiceCapacity> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Figures);

    public Task SaveAsync(ServiceCapacity capacity, string actor, CancellationToken cancellationToken)
    {
        Figures = capacity;
        return Task.CompletedTask;
    }
}
