using System.Text.Json;
using MQTTnet.Packets;
using Perennial.Hub.Credentials;
using Perennial.Hub.Sessions;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Hub.Credentials;
using Perennial.X509;

namespace Perennial.Server.Mqtt;

/// <summary>The certificates that one device asks for on its connection (hub-protocol §7). All of it is sent at quality of service 0.</summary>
internal sealed class CredentialRequests(
    MqttChannel channel, HubSubscriptions subscriptions, RequestCertificate requests, DeviceVerdict.Accepted verdict, TimeProvider time)
{
    private readonly Lock _gate = new();
    private CredentialOperation? _followed;
    private CredentialOperation? _accepted;
    private CancellationToken _ended;

    private bool IsSubscribed => subscriptions.Has(HubFilter.CertificateAnswers) || subscriptions.Has(HubFilter.CertificateAnswersMisspelled);

    /// <summary>CONNACK is sent; what was subscribed to before and waits is delivered.</summary>
    /// <param name="ended">The end of the connection; what is not delivered then waits for the next one.</param>
    public void Start(CancellationToken ended)
    {
        _ended = ended;
        NoteReady();
    }

    /// <summary>The device may have subscribed to answers: what waits for it is delivered.</summary>
    public void NoteReady()
    {
        if (IsSubscribed && requests.Find(verdict.Device.Id) is { } waiting)
        {
            Follow(waiting);
        }
    }

    /// <summary>The answer of <see cref="Take"/> is sent; the result may follow it.</summary>
    public void NoteAnswered()
    {
        if (Interlocked.Exchange(ref _accepted, null) is { } operation)
        {
            Follow(operation);
        }
    }

    /// <returns>The first answer; null when the device did not ask for answers.</returns>
    public MqttPublishPacket? Take(string requestId, ReadOnlyMemory<byte> body)
    {
        if (!IsSubscribed)
        {
            return null;
        }

        if (!TryRead(requestId, body.Span, out var document, out var error) || !TryParse(document, out var request, out error))
        {
            return Packet(requestId, error);
        }

        switch (requests.Run(verdict, requestId, request, document.Replace))
        {
            case CredentialOutcome.Accepted { Operation: var operation }:
                var pending = new CertificatePendingDocument { CorrelationId = operation.CorrelationId.ToString(), OperationExpires = operation.Expires };
                _accepted = operation;
                return Packet(202, requestId, WireJson.ToUtf8(pending));
            case CredentialOutcome.Active { Operation: var active }:
                return Packet(requestId, Fault(409005, "Another request of the device is under way.") with { Info = Detail(active) });
            case CredentialOutcome.NothingToReplace { Operation: var standing }:
                return Packet(requestId, Fault(412001, "The request to replace is not under way.") with { Info = standing is null ? null : Detail(standing) });
            case CredentialOutcome.Busy { RetryAfter: var wait }:
                return Packet(requestId, Fault(429002, "Too many requests are under way.", wait));
            case var unknown:
                throw new InvalidOperationException($"Unknown outcome {unknown.GetType().Name}.");
        }
    }

    private void Follow(CredentialOperation operation)
    {
        lock (_gate)
        {
            if (_followed == operation && operation.IsPending)
            {
                return;
            }

            _followed = operation;
        }

        _ = DeliverAsync(operation);
    }

    private async Task DeliverAsync(CredentialOperation operation)
    {
        try
        {
            var answer = await operation.Answer.WaitAsync(_ended);
            if (IsSubscribed)
            {
                await channel.SendAsync(Packet(operation, answer), _ended);
                requests.NoteTold(verdict.Device.Id, operation);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Replaced, dropped, or the connection is gone: the result waits.
        }
    }

    private MqttPublishPacket Packet(CredentialOperation operation, CredentialAnswer answer)
    {
        var correlation = operation.CorrelationId.ToString();
        if (answer is CredentialAnswer.Issued { Chain: var chain })
        {
            var certificates = chain.Select(certificate => Convert.ToBase64String(certificate.Der.Span)).ToList();
            return Packet(200, operation.RequestId, WireJson.ToUtf8(new IssuedCertificatesDocument { CorrelationId = correlation, Certificates = certificates }));
        }

        var failed = (CredentialAnswer.Failed)answer;
        var code = failed.Kind switch
        {
            CredentialFailure.NotAvailable => 403010,
            CredentialFailure.Throttled => 429002,
            CredentialFailure.Unavailable => 503001,
            _ => 400040,
        };
        return Packet(operation.RequestId, Fault(code, failed.Refusal.Reason.Title, failed.RetryAfter) with
        {
            Info = Detail(failed.Refusal) with { CorrelationId = correlation, RequestId = operation.RequestId },
        });
    }

    private bool TryRead(
        string requestId,
        ReadOnlySpan<byte> body,
        [NotNullWhen(true)] out CertificateRequestDocument? document,
        [NotNullWhen(false)] out CredentialErrorDocument? error)
    {
        document = null;
        if (!CredentialTopic.IsRequestId(requestId))
        {
            error = Fault(400004, "$rid: send 4 to 36 letters, digits and dashes, no dash at either end.");
        }
        else if (!WireJson.TryParse(body, out document, out var fault))
        {
            error = Fault(body.IsEmpty || IsJson(body) ? 400004 : 400006, fault);
        }
        else
        {
            var sentence = document.Id != verdict.Device.Id.Value ? "id: it is not the device of the connection."
                : document.Replace is not (null or CertificateRequestDocument.ReplaceAny) && !CredentialTopic.IsRequestId(document.Replace)
                    ? "replace: send the id of a request, or *."
                : document.Csr.Length is 0 or > CertificateRequestDocument.MaxCsrLength ? "csr: send base64 of 1 to 8192 characters."
                : null;
            error = sentence is null ? null : Fault(400004, sentence);
        }

        return error is null;
    }

    private bool TryParse(
        CertificateRequestDocument document,
        [NotNullWhen(true)] out CertificateSigningRequest? request,
        [NotNullWhen(false)] out CredentialErrorDocument? error)
    {
        error = CertificateSigningRequest.TryParse(document.Csr, out request, out var refusal)
            ? null
            : Fault(400037, refusal.Reason.Title) with { Info = Detail(refusal) };
        return error is null;
    }

    private CredentialErrorDocument Fault(int code, string message, TimeSpan? retryAfter = null) => new()
    {
        ErrorCode = code,
        Message = message,
        TrackingId = Guid.NewGuid().ToString(),
        TimestampUtc = time.GetUtcNow(),
        RetryAfter = retryAfter is { } wait ? (int)Math.Ceiling(wait.TotalSeconds) : null,
    };

    private static CredentialErrorDetail Detail(Refusal refusal) =>
        new() { CredentialError = refusal.Reason.Name, CredentialMessage = $"{refusal.Reason.Title} ({refusal.Reason.Number})" };

    private static CredentialErrorDetail Detail(CredentialOperation operation) => new()
    {
        CorrelationId = operation.CorrelationId.ToString(),
        RequestId = operation.RequestId,
        OperationExpires = operation.Expires,
    };

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            return reader.Read() && reader.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static MqttPublishPacket Packet(string requestId, CredentialErrorDocument error) => Packet(error.ErrorCode / 1000, requestId, WireJson.ToUtf8(error));

    private static MqttPublishPacket Packet(int status, string requestId, byte[] body) =>
        new() { Topic = CredentialTopic.FormatAnswer(status, requestId), PayloadSegment = body };
}
