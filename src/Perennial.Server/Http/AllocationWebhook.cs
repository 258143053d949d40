using System.Net.Http.Headers;
using System.Text.Json;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning.Allocation;
using Perennial.Provisioning.Allocation;
using Perennial.Server.Hubs;

namespace Perennial.Server.Http;

/// <summary>Custom allocation by an HTTPS endpoint of the operator (dps-protocol §6.3). Nothing secret is sent; what comes back is bounded.</summary>
internal sealed class AllocationWebhook(HttpMessageInvoker http, TimeProvider time) : ICustomAllocation
{
    /// <summary>How long one request may take, connection and answer included.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private const int MaxAnswer = 64 * 1024;

    // Before each further request.
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)];

    public async Task<CustomAllocationAnswer> AskAsync(CustomAllocationQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var url = question.Verdict.Enrollment.CustomAllocation!.WebhookUrl;
        var body = WireJson.ToUtf8(AllocationDocuments.From(question));
        var (answer, mayHelp) = await TryOnceAsync(url, body, cancellationToken);
        foreach (var pause in Pauses)
        {
            if (answer is CustomAllocationAnswer.Chosen || !mayHelp)
            {
                break;
            }

            await Task.Delay(pause, time, cancellationToken);
            (answer, mayHelp) = await TryOnceAsync(url, body, cancellationToken);
        }

        return answer;
    }

    private async Task<(CustomAllocationAnswer Answer, bool MayHelp)> TryOnceAsync(Uri url, byte[] body, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(WireJson.ContentType);
            using var response = await http.SendAsync(request, either.Token);
            var status = (int)response.StatusCode;
            if (!response.IsSuccessStatusCode)
            {
                return (Failed(status is >= 300 and < 400 ? $"It answered {status}; redirects are not followed." : $"It answered {status}."), status is 408 or 429 or >= 500);
            }

            await response.Content.LoadIntoBufferAsync(MaxAnswer, either.Token);
            return (Read(await response.Content.ReadAsByteArrayAsync(either.Token)), false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (Failed($"It did not answer within {Limit.TotalSeconds:0} s."), true);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return exception switch
            {
                HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                    (Failed($"Its answer is longer than {MaxAnswer / 1024} KB, or its headers than {OutgoingHttp.MaxHeaders} KB."), false),
                { InnerException: AddressNotAllowedException refused } => (Failed(refused.Message), false),
                HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                    (Failed($"No secure connection can be made: {exception.InnerException?.Message ?? exception.Message}"), true),
                _ => (Failed($"It cannot be reached: {exception.Message}"), true),
            };
        }

        CustomAllocationAnswer.Failed Failed(string detail) => new($"The webhook at {url.Host}: {detail}");
    }

    private static CustomAllocationAnswer Read(byte[] body)
    {
        if (!WireJson.TryParse<AllocationAnswerDocument>(body, out var document, out var fault))
        {
            return new CustomAllocationAnswer.Failed($"The webhook's answer cannot be read: {fault}");
        }

        if (string.IsNullOrWhiteSpace(document.IotHubHostName))
        {
            return new CustomAllocationAnswer.Failed("The webhook's answer names no iotHubHostName.");
        }

        // Some clients take a JSON object and nothing else.
        if (document.Payload is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) })
        {
            return new CustomAllocationAnswer.Failed("The webhook's answer: payload is a JSON object.");
        }

        var payload = document.Payload is { ValueKind: JsonValueKind.Object } given ? given : (JsonElement?)null;
        return EnrollmentTerms.TryReadTwin(document.InitialTwin, out var twin, out fault)
            ? new CustomAllocationAnswer.Chosen(document.IotHubHostName, twin, payload)
            : new CustomAllocationAnswer.Failed($"The webhook's answer: {fault}");
    }
}
