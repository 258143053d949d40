using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using Perennial.Agent.Clock;
using Perennial.Agent.Configuration;
using Perennial.Agent.Credentials;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Rolling;
using Perennial.Protocol.Sas;

namespace Perennial.Agent.Connections;

/// <summary>Registers with the provisioning service over HTTPS, with or without a request for a certificate. Source: dps-protocol §2, §10.</summary>
internal sealed class RegisterDevice(AgentConfiguration configuration, ServerTrust trust, DeviceClock clock)
{
    private const int MaxLength = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestRegistration = TimeSpan.FromMinutes(3);

    /// <param name="credential">The certificate to prove with; null for the symmetric key.</param>
    /// <param name="symmetricKey">The symmetric key; null for a certificate.</param>
    /// <param name="csr">The PKCS#10 request; null for none.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ExchangeException">The service could not be reached, is not believed, or says no.</exception>
    public async Task<Assignment> ExecuteAsync(ClientCredential? credential, byte[]? symmetricKey, byte[]? csr, CancellationToken cancellationToken)
    {
        var verdict = new ServerVerdict();
        using var client = ClientFor(credential, verdict);
        var settings = configuration.Provisioning;
        var path = $"{Uri.EscapeDataString(settings.IdScope)}/registrations/{Uri.EscapeDataString(settings.RegistrationId)}";
        var version = $"?{ApiVersion.Parameter}={(csr is null ? ApiVersion.Provisioning : ApiVersion.ProvisioningCertificates)}";
        var body = new RegistrationRequest { RegistrationId = settings.RegistrationId, Csr = csr is null ? null : Convert.ToBase64String(csr) };
        var started = clock.GetTimestamp();
        var (status, wait) = await AskAsync(client, HttpMethod.Put, $"{path}/register{version}", WireJson.ToUtf8(body), symmetricKey, verdict, cancellationToken);
        while (status is { Status: RegistrationStatus.Assigning } && clock.GetElapsedTime(started) < LongestRegistration)
        {
            await Task.Delay(wait, clock, cancellationToken);
            var poll = $"{path}/operations/{Uri.EscapeDataString(status.OperationId)}{version}";
            (status, wait) = await AskAsync(client, HttpMethod.Get, poll, null, symmetricKey, verdict, cancellationToken);
        }

        return Read(status);
    }

    /// <summary>Asks the service for the time, proving nothing: its certificate must chain to the trust bundle, and the date it says must lie within it.</summary>
    /// <returns>Whether this device's clock is wrong by it.</returns>
    public async Task<bool> AskTimeAsync(CancellationToken cancellationToken)
    {
        var verdict = new ServerVerdict(ignoresTime: true);
        using var client = ClientFor(null, verdict);
        using var request = new HttpRequestMessage(HttpMethod.Head, "/");
        try
        {
            using var answer = await client.SendAsync(request, cancellationToken);
            return answer.Headers.Date is { } date && verdict.Leaf is { } leaf && date >= leaf.NotBefore && date <= leaf.NotAfter && clock.Hear(date);
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private HttpClient ClientFor(ClientCredential? credential, ServerVerdict verdict)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = Patience,
            SslOptions = trust.OptionsFor(configuration.Provisioning.Host, credential, verdict),
        };
        return new HttpClient(handler)
        {
            BaseAddress = new UriBuilder("https", configuration.Provisioning.Host, configuration.Provisioning.Port).Uri,
            Timeout = Patience,
            MaxResponseContentBufferSize = MaxLength,
        };
    }

    private async Task<(RegistrationOperationStatus Status, TimeSpan Wait)> AskAsync(
        HttpClient client, HttpMethod method, string path, byte[]? body, byte[]? symmetricKey, ServerVerdict verdict, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("User-Agent", $"perennial-agent/{AgentVersion.Number}");
        if (symmetricKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", TokenFor(symmetricKey));
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(WireJson.ContentType) } };
        }

        try
        {
            using var answer = await client.SendAsync(request, cancellationToken);
            var content = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            if (answer.Headers.Date is { } date)
            {
                clock.Hear(date);
            }

            return answer.IsSuccessStatusCode && WireJson.TryParse<RegistrationOperationStatus>(content, out var status)
                ? (status, PollWait(answer))
                : throw Failure(answer, content);
        }
        catch (HttpRequestException exception)
        {
            var text = exception.InnerException is AuthenticationException && verdict.Failure is not null ? verdict.Reason : exception.Message;
            throw new ExchangeException(verdict.Failure ?? FailureKind.Unavailable, $"the provisioning service {configuration.Provisioning.Host}: {text}", null, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ExchangeException(FailureKind.Unavailable, $"the provisioning service {configuration.Provisioning.Host} does not answer", null, exception);
        }
    }

    private string TokenFor(byte[] symmetricKey)
    {
        var resource = $"{configuration.Provisioning.IdScope}/registrations/{configuration.Provisioning.RegistrationId}";
        return SharedAccessSignature.Create(resource, symmetricKey, clock.GetUtcNow().AddHours(1), "registration");
    }

    private TimeSpan PollWait(HttpResponseMessage answer)
    {
        var wait = WaitOf(answer) ?? RetryAfter.Shortest;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestPoll ? LongestPoll : wait;
    }

    private TimeSpan? WaitOf(HttpResponseMessage answer) =>
        answer.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - clock.GetUtcNow()) : null;

    private ExchangeException Failure(HttpResponseMessage answer, byte[] content)
    {
        var said = WireJson.TryParse<ProvisioningErrorDocument>(content, out var error) ? $"{error.ErrorCode}: {error.Message}" : $"{(int)answer.StatusCode}";
        var kind = answer.StatusCode switch
        {
            _ when error?.ErrorCode == ProvisioningError.Drained.Code => FailureKind.Drained,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound => FailureKind.Unauthorized,
            HttpStatusCode.TooManyRequests => FailureKind.Throttled,
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => FailureKind.Unavailable,
            _ => FailureKind.Refused,
        };
        return new(kind, $"the provisioning service answers {said}", WaitOf(answer));
    }

    private static Assignment Read(RegistrationOperationStatus status)
    {
        if (status is { Status: RegistrationStatus.Assigned, RegistrationState: { AssignedHub: { } hub, DeviceId: { } deviceId } state })
        {
            return new(hub, deviceId, state.IssuedCertificateChain, RollWindow.From(RollWindowDocument.Find(state.Payload)));
        }

        throw status.Status switch
        {
            RegistrationStatus.Disabled => new ExchangeException(FailureKind.Unauthorized, "the enrollment of this device is disabled"),
            RegistrationStatus.Failed => new(FailureKind.Unavailable, $"the registration failed: {status.RegistrationState?.ErrorMessage}"),
            _ => new(FailureKind.Unavailable, "the registration is not assigned in time"),
        };
    }
}
