using System.Net.Sockets;
using Perennial.Protocol.Sas;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Server.Sandbox.Operator;

/// <summary>Sends an operator's requests to one host name, wherever that resolves, each with a token made for it by the service's clock.</summary>
internal sealed class OperatorHandler(ServerAddress server, ConnectionString access, TimeProvider time)
    : DelegatingHandler(HandlerFor(server, access.Host))
{
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(1);

    public static HttpClient CreateClient(ServerAddress server, string connectionString, TimeProvider time)
    {
        if (!ConnectionString.TryParse(connectionString, out var access) || !access.HasKey)
        {
            throw new ArgumentException("The connection string names no host or no key.", nameof(connectionString));
        }

        return new HttpClient(new OperatorHandler(server, access, time))
        {
            BaseAddress = new UriBuilder(Uri.UriSchemeHttps, access.Host, server.Https.Port).Uri,
        };
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("Authorization", access.CreateToken(time.GetUtcNow() + TokenLife));
        return base.SendAsync(request, cancellationToken);
    }

    private static SocketsHttpHandler HandlerFor(ServerAddress server, string host) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        SslOptions = server.Tls(host, credential: null),
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(server.Https.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(server.Https, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
