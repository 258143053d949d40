using System.Diagnostics;
using System.Net.Sockets;

namespace Perennial.Bench.Exchanges;

/// <summary>
/// When connections end, as the sockets of their devices see it, looked at by one thread: thousands of devices have processors of their own and must not
/// take the server's.
/// </summary>
internal static class ConnectionEnds
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <returns>The timestamps of the ends, in their order.</returns>
    public static Task<List<long>> WatchAsync(IReadOnlyList<Socket> sockets, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Watch(sockets, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Whether the other end has ended the connection. What it sent before must have been read.</summary>
    public static bool IsOver(Socket socket)
    {
        try
        {
            return socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static List<long> Watch(IReadOnlyList<Socket> sockets, CancellationToken cancellationToken)
    {
        var live = sockets.ToList();
        var ends = new List<long>(live.Count);
        while (live.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var over = live.RemoveAll(IsOver);
            ends.AddRange(Enumerable.Repeat(Stopwatch.GetTimestamp(), over));
            cancellationToken.WaitHandle.WaitOne(Look);
        }

        return ends;
    }
}
