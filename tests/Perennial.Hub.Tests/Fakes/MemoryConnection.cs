using System.Collections.Concurrent;
using Perennial.Hub.Sessions;
using Perennial.Hub.Twins;

namespace Perennial.Hub.Tests.Fakes;

internal sealed class MemoryConnection : ILiveConnection
{
    public ConcurrentQueue<CloseReason> Closed { get; } = new();

    public ConcurrentQueue<DesiredNotice> Notices { get; } = new();

    public void Close(CloseReason reason) => Closed.Enqueue(reason);

    public void DesiredChanged(DesiredNotice notice) => Notices.Enqueue(notice);
}
