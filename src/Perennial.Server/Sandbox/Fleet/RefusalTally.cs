using System.Collections.Concurrent;

namespace Perennial.Server.Sandbox.Fleet;

/// <summary>Refusals and failures that the fleet met, counted by reason. Thread-safe.</summary>
internal sealed class RefusalTally
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public int Total => _counts.Values.Sum();

    public void Add(string reason) => _counts.AddOrUpdate(reason, 1, (_, count) => count + 1);

    public IReadOnlyList<KeyValuePair<string, int>> ByReason() =>
        [.. _counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)];
}
