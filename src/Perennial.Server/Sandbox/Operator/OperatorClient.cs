using System.Net.Http.Headers;
using System.Net.Sockets;
using Perennial.Protocol;
using Perennial.Protocol.Sas;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Server.Sandbox.Operator;

/// <summary>HTTPS requests of an operator to one host of the instance, each with a token of the connection string's policy.</summary>
internal sealed class OperatorClient : IDisposable
{
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(1);

    private readonly HttpClient _http;

    public OperatorClient(ServerAddress server, string connectionString, TimeProvider time)
    {
        if (!ConnectionString.TryParse(connectionString, out var parsed) || parsed.SharedAccessKey is null)
        {
            throw new ArgumentException("The connection string names no host or no key.", nameof(connectionString));
        }

        var host = parsed.HostName.Split(':')[0];
        var token = SharedAccessSignature.Create(
            host, Convert.FromBase64String(parsed.SharedAccessKey), time.GetUtcNow() + TokenLife, parsed.SharedAccessKeyName);
        _http = new HttpClient(HandlerFor(server, host))
        {
            BaseAddress = new UriBuilder(Uri.UriSchemeHttps, host, server.Https.Port).Uri,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", token);
    }

    /// <summary>Sends a request; the path is relative to the host and bears its own query.</summary>
    /// <param name="method">GET, PUT or POST.</param>
    /// <param name="path">For instance <c>enrollments/dev-01?api-version=…</c>.</param>
    /// <param name="body">JSON, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="continuation">Where the page before ended, or null for the first.</param>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken, string? continuation = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (continuation is not null)
        {
            request.Headers.TryAddWithoutValidation(WireHeader.Continuation, continuation);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(WireJson.ContentType);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

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
