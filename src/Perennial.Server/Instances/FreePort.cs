using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Perennial.Server.Instances;

/// <summary>Finds ports for an instance that leaves them open.</summary>
internal static class FreePort
{
    // Below the ports that outgoing connections are given (32768 and up on Linux), and one after the other: a port that is free when it is
    // found is still free when it is bound.
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int _turn = RandomNumberGenerator.GetInt32(Count);

    public static int Find(IPAddress address)
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _turn) % Count);
            if (IsFree(address, port))
            {
                return port;
            }
        }

        throw new OperatorException($"no port from {First} to {First + Count - 1} is free on {address}. Name the ports with --mqtt-port, --amqp-port, --https-port and --portal-port.");
    }

    private static bool IsFree(IPAddress address, int port)
    {
        using var probe = new TcpListener(address, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
