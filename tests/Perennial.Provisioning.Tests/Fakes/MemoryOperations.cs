using System.Collections.Concurrent;
using Perennial.Provisioning.Registrations;

namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>Pending operations and departures in memory, with the semantics of the port.</summary>
internal sealed class MemoryOperations : IOperationStore
{
    private readonly ConcurrentDictionary<(string Hub, string Device), Departure> _departures = new();

    public ConcurrentDictionary<RegistrationId, PendingOperation> Pending { get; } = new();

    public int DepartureCount => _departures.Count;

    public Task<PendingOperation?> FindAsync(RegistrationId id, CancellationToken cancellationToken) =>
        Task.FromResult(Pending.GetValueOrDefault(id));

    public Task BeginAsync(PendingOperation operation, CancellationToken cancellationToken)
    {
        Pending[operation.Id] = operation;
        return Task.CompletedTask;
    }

    public Task EndAsync(PendingOperation operation, CancellationToken cancellationToken)
    {
        Pending.TryRemove(KeyValuePair.Create(operation.Id, operation));
        return Task.CompletedTask;
    }

    public IPendingWrite Depart(Departure departure) =>
        new MemoryWrite(() => _departures[(departure.HubHostName, departure.DeviceId)] = departure);

    public IPendingWrite Arrive(string hubHostName, string deviceId) => new MemoryWrite(() => _departures.TryRemove((hubHostName, deviceId), out _));

    public Task<IReadOnlyList<Departure>> ListDeparturesAsync(Departure? after, int max, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Departure>>([.. after is null ? _departures.Values : []]);

    public Task ForgetAsync(Departure departure, CancellationToken cancellationToken)
    {
        _departures.TryRemove((departure.HubHostName, departure.DeviceId), out _);
        return Task.CompletedTask;
    }
}
