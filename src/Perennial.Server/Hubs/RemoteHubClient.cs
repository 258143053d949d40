using System.Net;
using System.Net.Http.Headers;
using Perennial.Protocol;
using Perennial.Protocol.Sas;
using Perennial.Provisioning.Allocation;

namespace Perennial.Server.Hubs;

/// <summary>One request at a time to another hub's registry REST API, with the key of its connection string (hub-protocol §4).</summary>
internal sealed class RemoteHubClient(HttpMessageInvoker http, ConnectionString hub, TimeProvider time)
{
    /// <summary>The longest answer that is read: a twin and what is around it.</summary>
    private const int MaxAnswer = 256 * 1024;

    private const string ApiVersion = "api-version=2021-04-12";
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Sends, and gives what is a fact about the device: found or not, done or in conflict. Everything else is thrown.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, escaped.</param>
    /// <param name="body">The JSON body; null for none.</param>
    /// <param name="ifMatch">The ETag without quotes, or <c>*</c>; null for no header.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(
        HttpMethod method, string path, byte[]? body, string? ifMatch, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = Request(method, path, body, ifMatch);
            using var response = await http.SendAsync(request, either.Token);
            var answer = await ReadAsync(response.Content, either.Token);
            return IsAnswer(response.StatusCode) ? (response.StatusCode, answer) : throw Failure(response.StatusCode, method, path);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubUnreachableException($"The hub {hub.HostName} did not answer within {Limit.TotalSeconds:0} s.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new HubUnreachableException($"The hub {hub.HostName} cannot be reached: {exception.Message}", exception);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, byte[]? body, string? ifMatch)
    {
        var request = new HttpRequestMessage(method, $"https://{hub.HostName}{path}?{ApiVersion}");
        request.Headers.TryAddWithoutValidation("Authorization", hub.CreateToken(time.GetUtcNow() + TokenLife));
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch == "*" ? ifMatch : $"\"{ifMatch}\"");
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(WireJson.ContentType);
        }

        return request;
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await content.LoadIntoBufferAsync(MaxAnswer, cancellationToken);
        return await content.ReadAsByteArrayAsync(cancellationToken);
    }

    // 400 tells of the single entries of a bulk request.
    private static bool IsAnswer(HttpStatusCode status) =>
        (int)status is >= 200 and < 300
        || status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed;

    private Exception Failure(HttpStatusCode status, HttpMethod method, string path) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status >= 500
            ? new HubUnreachableException($"The hub {hub.HostName} answered {(int)status} to {method} {path}.")
            : new HubRefusedException($"The hub {hub.HostName} answered {(int)status} to {method} {path} of the policy '{hub.SharedAccessKeyName}'.");
}
