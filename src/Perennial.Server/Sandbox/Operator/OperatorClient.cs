using System.Net.Http.Headers;
using Perennial.Protocol;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Server.Sandbox.Operator;

/// <summary>HTTPS requests of an operator to one host of the instance, each with a fresh token of the connection string's policy.</summary>
internal sealed class OperatorClient : IDisposable
{
    private readonly HttpClient _http;

    public OperatorClient(ServerAddress server, string connectionString, TimeProvider time)
    {
        _http = OperatorHandler.CreateClient(server, connectionString, time);
        _http.Timeout = Timeout.InfiniteTimeSpan;
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
}
