using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Perennial.Bench.Exchanges;

/// <summary>A fresh TLS connection.</summary>
internal static class TlsConnection
{
    public static async Task<SslStream> OpenAsync(IPEndPoint server, SslClientAuthenticationOptions options)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server);
            var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await tls.AuthenticateAsClientAsync(options);
            return tls;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
