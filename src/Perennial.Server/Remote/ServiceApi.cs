using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Protocol;
using Perennial.Protocol.Sas;
using Perennial.Server.Instances;

namespace Perennial.Server.Remote;

/// <summary>One REST API of a server (of provisioning, or of one hub), asked with the rights of a shared access policy.</summary>
internal sealed class ServiceApi : IDisposable
{
    private const int MostAttempts = 20;

    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client;
    private readonly ServiceAddress _address;
    private readonly ConnectionString _access;
    private readonly string _version;
    private readonly TimeProvider _time;

    private ServiceApi(ServiceAddress address, ConnectionString access, string version, TimeProvider time)
    {
        _address = address;
        _access = access;
        _version = version;
        _time = time;
        _client = new HttpClient(new TokenHandler(address, access, time))
        {
            BaseAddress = new UriBuilder(Uri.UriSchemeHttps, access.Host, address.Port).Uri,
            MaxResponseContentBufferSize = 64 * 1024 * 1024,
        };
    }

    /// <summary>The host name that its clients use.</summary>
    public string Host => _access.Host;

    public static ServiceApi OfProvisioning(ServiceAddress address, ConnectionString access, TimeProvider time) =>
        new(address, access, ApiVersion.ProvisioningService, time);

    public static ServiceApi OfHub(ServiceAddress address, ConnectionString access, TimeProvider time) => new(address, access, "2021-04-12", time);

    /// <summary>Asks, and asks again while the server asks for patience (429 and 5xx).</summary>
    /// <exception cref="OperatorException">The server cannot be reached, is not trusted, or does not let this in.</exception>
    public async Task<ServiceAnswer> AskAsync(ServiceRequest asked, CancellationToken cancellationToken)
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                using var request = RequestOf(asked);
                using var answer = await _client.SendAsync(request, cancellationToken);
                var isPatient = answer.StatusCode == HttpStatusCode.TooManyRequests || (int)answer.StatusCode >= 500;
                if (!isPatient || attempt == MostAttempts)
                {
                    return await ReadAsync(asked, answer, cancellationToken);
                }

                var wait = answer.Headers.RetryAfter?.Delta ?? UsualWait;
                await Task.Delay(wait < LongestWait ? wait : LongestWait, _time, cancellationToken);
            }
        }
        catch (HttpRequestException exception)
        {
            throw new OperatorException(Sentence(exception), exception);
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OperatorException($"the server at {_address} did not answer {asked} in time. Look at its log, and try again.", exception);
        }
    }

    /// <summary>Asks for the pages of a list one after another.</summary>
    public async IAsyncEnumerable<JsonObject> ListAsync(
        ServiceRequest asked, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = asked; ;)
        {
            var answer = Demand(next, await AskAsync(next, cancellationToken));
            var items = answer.Body as JsonArray ?? (answer.Body as JsonObject)?["value"] as JsonArray ?? [];
            foreach (var item in items.OfType<JsonObject>())
            {
                yield return item;
            }

            if (answer.Continuation is not { } continuation)
            {
                yield break;
            }

            next = asked with { Continuation = continuation };
        }
    }

    /// <summary>Asks, and takes nothing but success.</summary>
    /// <exception cref="OperatorException">The server says no; the message says to what, why and what to do.</exception>
    public async Task<ServiceAnswer> DemandAsync(ServiceRequest asked, CancellationToken cancellationToken) =>
        Demand(asked, await AskAsync(asked, cancellationToken));

    /// <summary>Copies an answer of any length as it comes.</summary>
    public async Task CopyAsync(ServiceRequest asked, Stream output, CancellationToken cancellationToken)
    {
        try
        {
            using var request = RequestOf(asked);
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                Demand(asked, await ReadAsync(asked, answer, cancellationToken));
            }

            await answer.Content.CopyToAsync(output, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new OperatorException(Sentence(exception), exception);
        }
    }

    /// <summary>Asks for one document; null when there is none of that name.</summary>
    public async Task<JsonObject?> FindAsync(ServiceRequest asked, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(asked, cancellationToken);
        return answer.Status == (int)HttpStatusCode.NotFound ? null : Demand(asked, answer).Document;
    }

    public void Dispose() => _client.Dispose();

    private static ServiceAnswer Demand(ServiceRequest asked, ServiceAnswer answer) => answer.Status switch
    {
        >= 200 and < 300 => answer,
        404 => throw new OperatorException($"there is no {asked.Subject}. {asked.Remedy}".TrimEnd()),
        409 => throw new OperatorException($"{asked.Subject}: {(answer.Message.Length > 0 ? answer.Message : "it is there already.")}"),
        412 => throw new OperatorException($"{asked.Subject} was changed by somebody else meanwhile; nothing was saved. Look at it, and try again. {answer.Message}".TrimEnd()),
        _ => throw new OperatorException($"{asked.Subject}: {(answer.Message.Length > 0 ? answer.Message : $"the server answered {answer.Status}.")}"),
    };

    private HttpRequestMessage RequestOf(ServiceRequest asked)
    {
        var path = $"{asked.Path}{(asked.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{ApiVersion.Parameter}={_version}";
        var request = new HttpRequestMessage(asked.Method, new Uri(path, UriKind.Relative));
        if (asked.Body is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(WireJson.ContentType);
        }

        Add("If-Match", asked.IfMatch);
        Add(WireHeader.Continuation, asked.Continuation);
        Add(WireHeader.MaxItemCount, asked.PageSize?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return request;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    private async Task<ServiceAnswer> ReadAsync(ServiceRequest asked, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new OperatorException(
                $"the server at {_address} does not let the policy '{_access.SharedAccessKeyName}' do this ({(int)answer.StatusCode}, {asked}). "
                + "Its key was rolled, or it lacks a right: see 'perennial policy list', or log in again with another connection string.");
        }

        var bytes = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        var continuation = answer.Headers.TryGetValues(WireHeader.Continuation, out var values) ? values.FirstOrDefault() : null;
        return new ServiceAnswer((int)answer.StatusCode, BodyOf(bytes), string.IsNullOrEmpty(continuation) ? null : continuation, answer.Headers.Date);
    }

    private JsonNode? BodyOf(byte[] bytes)
    {
        try
        {
            return bytes.Length == 0 ? null : JsonNode.Parse(bytes);
        }
        catch (JsonException exception)
        {
            throw new OperatorException($"what answers at {_address} is no Perennial: its answer is not JSON. See the address of --server.", exception);
        }
    }

    private string Sentence(HttpRequestException exception) => exception.InnerException switch
    {
        AuthenticationException => $"the certificate of the server at {_address} is not trusted for '{_access.Host}': {Causes(exception)} "
            + "Give the server's trust bundle (trust-bundle.pem in its data folder), and the host name that its certificate says.",
        SocketException => $"no server answers at {_address}: {Causes(exception)} Is it running? See 'perennial serve', or --server and --data.",
        _ => $"the server at {_address} broke off: {Causes(exception)}",
    };

    private static string Causes(Exception exception)
    {
        var deepest = exception.GetBaseException().Message.ReplaceLineEndings(" ").Trim();
        return deepest.EndsWith('.') ? deepest : deepest + ".";
    }
}
