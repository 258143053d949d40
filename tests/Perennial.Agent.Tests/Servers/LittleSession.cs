using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Hub.Credentials;
using Perennial.X509;

namespace Perennial.Agent.Tests.Servers;

/// <summary>One connection to <see cref="LittleHub"/>.</summary>
internal sealed class LittleSession(LittleCloud service, Stream stream, Certificate? leaf) : IDisposable
{
    private readonly MqttChannelAdapter _packets =
        new(new StreamChannel(stream), new MqttPacketFormatterAdapter(MqttProtocolVersion.V311, new MqttBufferWriter(512, 4096)), MqttNetNullLogger.Instance);

    private readonly SemaphoreSlim _sending = new(1, 1);
    private string _id = string.Empty;
    private TaskCompletionSource<int>? _called;

    private static bool IsGone(Exception exception) => exception is MqttCommunicationException or IOException or ObjectDisposedException;

    private string Leaf => leaf?.Thumbprint.ToString() ?? string.Empty;

    /// <summary>Whether the device takes direct methods.</summary>
    public bool TakesMethods { get; private set; }

    public void Drop() => stream.Dispose();

    public void Dispose()
    {
        Drop();
        _packets.Dispose();
        _sending.Dispose();
    }

    public async Task ServeAsync()
    {
        try
        {
            if (await _packets.ReceivePacketAsync(CancellationToken.None) is not MqttConnectPacket connect || !await WelcomeAsync(connect))
            {
                return;
            }

            while (await _packets.ReceivePacketAsync(CancellationToken.None) is { } packet and not MqttDisconnectPacket)
            {
                await AnswerAsync(packet);
            }
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // The client is gone.
        }
        finally
        {
            service.Change(_id, device => device.Session = device.Session == this ? null : device.Session);
        }
    }

    /// <summary>Tells the device its desired properties. One that has just gone reads them when it is back.</summary>
    public async Task NotifyAsync(JsonObject desired)
    {
        try
        {
            await PublishAsync("$iothub/twin/PATCH/properties/desired/?$version=2", desired.ToJsonString());
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // Its end is noted where its packets are read.
        }
    }

    /// <summary>Calls a direct method.</summary>
    /// <returns>The status of the answer.</returns>
    public async Task<int> CallAsync(string method, string payload)
    {
        _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await PublishAsync($"$iothub/methods/POST/{method}/?$rid=1", payload);
        return await _called.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private async Task<bool> WelcomeAsync(MqttConnectPacket connect)
    {
        _id = connect.ClientId;
        Assert.True(HubUserName.TryParse(connect.Username, out var user));
        if (service.Read(_id, device => device.PutOff.Contains(Leaf)))
        {
            await SendAsync(new MqttConnAckPacket { ReturnCode = MqttConnectReturnCode.ConnectionRefusedServerUnavailable });
            return false;
        }

        var isAdmitted = user.ClientId == _id && service.Admit(_id, leaf);
        LittleSession? former = null;
        if (isAdmitted)
        {
            service.Change(_id, device => (former, device.Session) = (device.Session, this));
            former?.Drop();
        }

        await SendAsync(new MqttConnAckPacket
        {
            ReturnCode = isAdmitted ? MqttConnectReturnCode.ConnectionAccepted : MqttConnectReturnCode.ConnectionRefusedNotAuthorized,
        });
        return isAdmitted;
    }

    private async Task AnswerAsync(MqttPacket packet)
    {
        switch (packet)
        {
            case MqttSubscribePacket subscribe:
                service.Change(_id, _ => TakesMethods |= subscribe.TopicFilters.Any(filter => filter.Topic == HubFilter.Methods));
                await SendAsync(new MqttSubAckPacket
                {
                    PacketIdentifier = subscribe.PacketIdentifier,
                    ReasonCodes = [.. subscribe.TopicFilters.Select(filter =>
                        filter.Topic == CredentialTopic.Answers && !service.HubIssues ? MqttSubscribeReasonCode.UnspecifiedError : MqttSubscribeReasonCode.GrantedQoS1)],
                });
                break;
            case MqttPingReqPacket:
                await SendAsync(MqttPingRespPacket.Instance);
                break;
            case MqttPublishPacket publish:
                await SendAsync(new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier });
                await AnswerAsync(publish.Topic, publish.Payload.ToArray());
                break;
        }
    }

    private async Task AnswerAsync(string topic, byte[] body)
    {
        if (CredentialTopic.TryParseRequest(topic, out var requestId))
        {
            await IssueAsync(requestId, body);
        }
        else if (HubTopic.TryParse(topic, out var known) && known is HubTopic.TwinGet get)
        {
            var (status, twin) = service.Read(_id, device => device.Drained.Contains(Leaf)
                ? (HubError.CertificateDrained.HttpStatus, Encoding.UTF8.GetString(WireJson.ToUtf8(HubError.CertificateDrained.ToDocument("drained", Guid.Empty, DateTimeOffset.UnixEpoch))))
                : (200, $$"""{"desired":{{device.Desired.ToJsonString()}},"reported":{{device.Reported.ToJsonString()}}}"""));
            await PublishAsync($"$iothub/twin/res/{status}/?$rid={get.RequestId}", twin);
        }
        else if (known is HubTopic.MethodResponse answer)
        {
            _called?.TrySetResult(answer.Status);
        }
        else if (known is HubTopic.TwinReported reported)
        {
            service.Change(_id, device =>
            {
                foreach (var (name, value) in JsonNode.Parse(body)!.AsObject())
                {
                    device.Reported[name] = value?.DeepClone();
                }
            });
            await PublishAsync($"$iothub/twin/res/204/?$rid={reported.RequestId}&$version=3", string.Empty);
        }
    }

    private async Task IssueAsync(string requestId, byte[] body)
    {
        Assert.True(WireJson.TryParse<CertificateRequestDocument>(body, out var request));
        Assert.Equal(_id, request.Id);
        if (service.IssueFault() is { } fault)
        {
            await PublishAsync(CredentialTopic.FormatAnswer(fault.Status, requestId), fault.Body);
            return;
        }

        await PublishAsync(CredentialTopic.FormatAnswer(202, requestId), """{"correlationId":"c","operationExpires":"2049-01-01T00:00:00Z"}""");
        var issued = service.Read(_id, device => device.Answers.GetValueOrDefault(requestId + request.Csr)) ?? service.Issue(_id, Convert.FromBase64String(request.Csr));
        service.Change(_id, device => device.Answers[requestId + request.Csr] = issued);
        var answer = new IssuedCertificatesDocument { CorrelationId = "c", Certificates = issued };
        await PublishAsync(CredentialTopic.FormatAnswer(200, requestId), Encoding.UTF8.GetString(WireJson.ToUtf8(answer)));
    }

    private Task PublishAsync(string topic, string body) =>
        SendAsync(new MqttPublishPacket { Topic = topic, Payload = new(Encoding.UTF8.GetBytes(body)), QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce });

    private async Task SendAsync(MqttPacket packet)
    {
        await _sending.WaitAsync();
        try
        {
            await _packets.SendPacketAsync(packet, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }
}
