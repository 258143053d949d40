using System.Collections.Concurrent;
using Perennial.Hub.Sessions;
using Perennial.Hub.Twins;

namespace Perennial.Hub.Tests.Fakes;

internal sealed class MemoryConnection : ILiveConnection
{
    public ConcurrentQueue<CloseReason> Closed { get; } = new();

    public ConcurrentQueue<MethodCall> Calls { get; } = new();

    public bool TakesMethods { get; set; }

    /// <summary>Called with each method call.</summary>
    public Action<MethodCall>? Calling { get; set; }

    public ConcurrentQueue<DesiredNotice> Notices { get; } = new();

    /// <summary>How often the connection was told that messages wait.</summary>
    public int Woken { get; private set; }

    public void Close(CloseReason reason) => Closed.Enqueue(reason);

    public void DesiredChanged(DesiredNotice notice) => Notices.Enqueue(notice);

    public void MessagesWaiting() => Woken++;

    public void Call(MethodCall call)
    {
        Calls.Enqueue(call);
        Calling?.Invoke(call);
    }
}
