using Amqp;

namespace Perennial.Server.EventHubs;

/// <summary>
/// The readers of this process, by hub and consumer group. One with an epoch reads alone: it ends those of a lower or the same epoch
/// and those without, and is refused beside one of a higher epoch (hub-protocol §5.5).
/// </summary>
internal sealed class PartitionReaders
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<PartitionReader>> _groups = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Lets a reader in, and ends those that it takes the place of.</summary>
    /// <returns>False when another reads alone.</returns>
    public bool TryEnter(string hub, string group, PartitionReader reader)
    {
        var key = $"{hub}/{group}";
        List<PartitionReader> stolen;
        lock (_gate)
        {
            var readers = _groups.GetValueOrDefault(key) ?? [];
            if (readers.Exists(other => other.Epoch is { } epoch && (reader.Epoch is not { } own || own < epoch)))
            {
                return false;
            }

            stolen = reader.Epoch is null ? [] : readers;
            _groups[key] = [.. readers.Except(stolen), reader];
            reader.Left = () => Leave(key, reader);
        }

        foreach (var other in stolen)
        {
            other.End(ErrorCode.Stolen, $"A reader with epoch {reader.Epoch} took the place of this one.");
        }

        return true;
    }

    private void Leave(string key, PartitionReader reader)
    {
        lock (_gate)
        {
            if (_groups.GetValueOrDefault(key) is { } readers && readers.Remove(reader) && readers.Count == 0)
            {
                _groups.Remove(key);
            }
        }
    }
}
