using System.Globalization;
using System.Net.Http.Headers;
using Perennial.Server.Hubs;
using Perennial.Server.Notices;

namespace Perennial.Server.Http;

/// <summary>Sends one notice to one webhook, signed, once.</summary>
internal sealed class SendNotice(HttpMessageInvoker http, TimeProvider time) : INoticeSender
{
    /// <summary>How long one request may take, connection and answer included.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public async Task<string?> SendAsync(Webhook webhook, Notice notice, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = Request(webhook, notice);
            using var response = await http.SendAsync(request, either.Token);
            var status = (int)response.StatusCode;
            return response.IsSuccessStatusCode
                ? null
                : status is >= 300 and < 400 ? $"It answered {status}; redirects are not followed." : $"It answered {status}.";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"It did not answer within {Limit.TotalSeconds:0} s.";
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return exception switch
            {
                { InnerException: AddressNotAllowedException refused } => refused.Message,
                HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                    $"No secure connection can be made: {exception.InnerException?.Message ?? exception.Message}",
                _ => $"It cannot be reached: {exception.Message}",
            };
        }
    }

    private HttpRequestMessage Request(Webhook webhook, Notice notice)
    {
        var seconds = time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(notice.Body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "Perennial");
        request.Headers.TryAddWithoutValidation(WebhookSignature.IdHeader, notice.Id);
        request.Headers.TryAddWithoutValidation(WebhookSignature.TimestampHeader, seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, WebhookSignature.Of(webhook, notice, seconds));
        return request;
    }
}
