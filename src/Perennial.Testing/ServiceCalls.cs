using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perennial.Testing;

/// <summary>JSON requests to the service API, and waits for what they show.</summary>
internal sealed class ServiceCalls(HttpClient http, TimeSpan waitLimit)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public Task<JsonElement> PutAsync(string path, JsonNode body, CancellationToken cancellationToken) =>
        DemandAsync(HttpMethod.Put, path, body.ToJsonString(), cancellationToken);

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => DemandAsync(HttpMethod.Get, path, null, cancellationToken);

    /// <summary>Sends a request that must succeed.</summary>
    /// <exception cref="HttpRequestException">It did not; the message holds what the service said.</exception>
    public async Task<JsonElement> DemandAsync(HttpMethod method, string path, string? json, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(method, path, json, cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    /// <summary>What stands at the path; null when nothing does.</summary>
    public async Task<JsonElement?> FindAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(answer, cancellationToken);
    }

    /// <summary>The lines of a newline-delimited answer.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReadLinesAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)]
            : throw Failure(answer, text);
    }

    /// <summary>Asks until there is an answer.</summary>
    /// <exception cref="TimeoutException">There was none in time; the message says what was waited for.</exception>
    public async Task<T> UntilAsync<T>(string what, Func<CancellationToken, Task<T?>> ask, CancellationToken cancellationToken)
        where T : class
    {
        using var late = new CancellationTokenSource(waitLimit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            while (true)
            {
                if (await ask(either.Token) is { } found)
                {
                    return found;
                }

                await Task.Delay(Pause, TimeProvider.System, either.Token);
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {waitLimit.TotalSeconds} s: {what}.");
        }
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        return http.SendAsync(request, cancellationToken);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? text.Length == 0 ? default : Parse(text) : throw Failure(answer, text);
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static HttpRequestException Failure(HttpResponseMessage answer, string text) => new(
        $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri?.AbsolutePath} was answered {(int)answer.StatusCode}: {text}",
        inner: null,
        answer.StatusCode);
}
