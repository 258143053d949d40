using System.Collections.Concurrent;
using Perennial.Hub.Sessions;

namespace Perennial.Hub.Tests.Fakes;

internal sealed class MemoryLedger : IConnectionLedger
{
    public ConcurrentQueue<DeviceVerdict> Verdicts { get; } = new();

    public ValueTask RecordAsync(DeviceVerdict verdict, CancellationToken cancellationToken)
    {
        Verdicts.Enqueue(verdict);
        return ValueTask.CompletedTask;
    }
}
