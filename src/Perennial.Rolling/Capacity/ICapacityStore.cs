namespace Perennial.Rolling.Capacity;

/// <summary>Keeps what the service was measured to bear.</summary>
public interface ICapacityStore
{
    Task<ServiceCapacity> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Writes the figures that there are, with an audit row; the others stay.</summary>
    Task SaveAsync(ServiceCapacity capacity, string actor, CancellationToken cancellationToken);
}
