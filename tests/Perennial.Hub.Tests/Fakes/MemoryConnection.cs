using System.Collections.Concurrent;
using Perennial.Hub.Sessions;
using Perennial.Hub.Twins;

namespace Perennial.Hub.Tests.Fakes;

internal sealed class MemoryConnection : ILiveConnection
{
    public ConcurrentQueue<CloseReason> Closed { get; } = new();

    public ConcurrentQueue<DesiredNotice> Notices { get; } = new();

    /// <summary>How often the connection was told that messages wait.</summary>
    public int Woken { get; private set; }

    public void Close(CloseReason reason) => Closed.Enqueue(reason);

    public void DesiredChanged(DesiredNotice notice) => Notices.Enqueue(notice);

    public void MessagesWaiting() => Woken++;
}
