using Perennial.Hub.Devices;
using Perennial.Hub.Twins;

namespace Perennial.Hub.Tests.Fakes;

/// <summary>Twins in memory; changes of one twin wait for each other, as in a transaction.</summary>
internal sealed class MemoryTwins : ITwinStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Twin> _twins = new(StringComparer.Ordinal);

    public void Add(Twin twin) => _twins.Add(twin.Id.Value, twin);

    public Task<Twin?> FindAsync(DeviceId id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_twins.GetValueOrDefault(id.Value));
        }
    }

    public Task<IReadOnlyList<Twin>> ListAsync(DeviceId? after, int max, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<Twin>>(
                [.. _twins.Values.Where(twin => after is null || string.CompareOrdinal(twin.Id.Value, after.Value) > 0).Take(max)]);
        }
    }

    public async Task<TwinChange?> ChangeAsync(DeviceId id, Func<Twin, TwinChange> change, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_gate)
        {
            if (!_twins.TryGetValue(id.Value, out var twin))
            {
                return null;
            }

            var outcome = change(twin);
            if (outcome is TwinChange.Changed changed)
            {
                _twins[id.Value] = changed.Next;
            }

            return outcome;
        }
    }
}
