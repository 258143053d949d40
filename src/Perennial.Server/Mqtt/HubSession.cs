using System.Buffers;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Hub.Sessions;
using Perennial.Hub.Twins;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;
using Perennial.Server.Limits;
using Perennial.Server.Storage;
using TelemetryMessage = Perennial.Hub.Messages.TelemetryMessage;

namespace Perennial.Server.Mqtt;

/// <summary>One authenticated device on the hub over MQTT, from CONNACK to the end (hub-protocol §1).</summary>
internal sealed class HubSession : ILiveConnection
{
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(2);

    private readonly ServedHub _hub;
    private readonly DeviceVerdict.Accepted _verdict;
    private readonly MqttChannel _channel;
    private readonly HubConnect _connect;
    private readonly TimeProvider _time;
    private readonly DeviceMessages _messages;
    private readonly HubSubscriptions _subscriptions;
    private readonly TwinRequests _twins;
    private readonly PublishQueue _publishes;
    private readonly DesiredNotices _notices;
    private readonly DeviceboundDelivery _delivery;
    private readonly MethodRequests _methods;
    private readonly CredentialRequests _credentials;
    private CloseReason? _closed;

    public HubSession(ServedHub hub, DeviceVerdict.Accepted verdict, HubConnect connect, MqttChannel channel, TimeProvider time)
    {
        _hub = hub;
        _verdict = verdict;
        _connect = connect;
        _channel = channel;
        _time = time;
        _messages = new DeviceMessages(verdict, connect.ModelId, time);
        _subscriptions = new HubSubscriptions(hub.Subscriptions, connect);
        _twins = new TwinRequests(hub, verdict.Device, time);
        _publishes = new PublishQueue(channel, time);
        _notices = new DesiredNotices(channel, _subscriptions);
        _delivery = new DeviceboundDelivery(hub, connect, channel, _subscriptions, time);
        _methods = new MethodRequests(channel, _subscriptions, hub.Methods, verdict.Device.Id);
        _credentials = new CredentialRequests(channel, _subscriptions, hub.Certificates, verdict, time);
    }

    public bool TakesMethods => _methods.AreTaken;

    public void Close(CloseReason reason)
    {
        _closed ??= reason;
        _channel.Abort();
    }

    public void DesiredChanged(DesiredNotice notice)
    {
        if (!_verdict.ObtainsOnly)
        {
            _notices.Send(notice);
        }
    }

    public void MessagesWaiting() => _delivery.Wake();

    public void Call(MethodCall call) => _methods.Send(call);

    /// <summary>Accepts the connection and serves it until it ends.</summary>
    public async Task RunAsync(LiveSession live, CancellationToken cancellationToken)
    {
        using var silence = new KeepAliveWatch(_channel, KeepAlive.Limit(_connect.KeepAlive), _time);
        using var expiry = WatchToken();
        using var abandoned = new CancellationTokenSource();
        var answers = _publishes.RunAsync(abandoned.Token);
        var isGraceful = false;
        try
        {
            if (await TryAcceptAsync(cancellationToken))
            {
                await StartAsync(live, abandoned.Token, cancellationToken);
                isGraceful = await ReceiveAsync(live, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _closed ??= CloseReason.ShuttingDown;
        }
        finally
        {
            _hub.Sessions.Remove(live);
            await EndAsync(answers, abandoned);
        }

        if (!isGraceful)
        {
            await LeaveWillAsync(cancellationToken);
        }

        if (answers.Exception?.InnerException is { } fault and not IOException)
        {
            throw new InvalidOperationException($"A message of the device '{live.Id}' could not be stored; it was not acknowledged.", fault);
        }
    }

    // A drained device is told nothing but its certificate; what it subscribes to counts once it is back with that one.
    private async Task StartAsync(LiveSession live, CancellationToken abandoned, CancellationToken cancellationToken)
    {
        _credentials.Start(abandoned);
        if (_verdict.ObtainsOnly)
        {
            return;
        }

        _notices.Start();
        _delivery.Start(abandoned);
        _methods.Start();
        await UntilStored.RunAsync(() => _hub.Announce.RunAsync(live.Id, _connect.ModelId, cancellationToken), _time, cancellationToken);
    }

    private async Task<bool> TryAcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            var isPresent = await _subscriptions.OpenAsync(cancellationToken);
            await _channel.SendAsync(new MqttConnAckPacket { IsSessionPresent = isPresent }, cancellationToken);
            return true;
        }
        catch (StorageUnavailableException)
        {
            await _channel.SendAsync(DeviceConnectionHandler.Answer(MqttConnectReturnCode.ConnectionRefusedServerUnavailable), cancellationToken);
            return false;
        }
    }

    // What is stored is still acknowledged, to a peer that reads.
    private async Task EndAsync(Task answers, CancellationTokenSource abandoned)
    {
        _publishes.Complete();
        await answers.WaitAsync(LongestFarewell, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await abandoned.CancelAsync();
        _channel.Abort();
        await answers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _delivery.EndAsync();
    }

    /// <returns>Whether the device took its leave.</returns>
    private async Task<bool> ReceiveAsync(LiveSession live, CancellationToken cancellationToken)
    {
        while (await _channel.ReceiveAsync(cancellationToken) is { } packet)
        {
            live.Touch(_time.GetUtcNow());
            if (packet is MqttDisconnectPacket)
            {
                return true;
            }

            if (!await TryHandleAsync(packet, cancellationToken))
            {
                return false;
            }
        }

        return false;
    }

    /// <returns>False when the packet ends the connection.</returns>
    private async ValueTask<bool> TryHandleAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        switch (packet)
        {
            case MqttPublishPacket publish:
                return await TryPublishAsync(publish, cancellationToken);
            case MqttPingReqPacket:
                await _channel.SendAsync(MqttPingRespPacket.Instance, cancellationToken);
                return true;
            case MqttSubscribePacket subscribe:
                await _channel.SendAsync(await StoreAsync(() => _subscriptions.AddAsync(subscribe, cancellationToken), cancellationToken), cancellationToken);
                _delivery.Wake();
                _methods.NoteReady();
                _credentials.NoteReady();
                return true;
            case MqttUnsubscribePacket unsubscribe:
                await _channel.SendAsync(await StoreAsync(() => _subscriptions.RemoveAsync(unsubscribe, cancellationToken), cancellationToken), cancellationToken);
                return true;
            case MqttPubAckPacket acknowledgement:
                _delivery.Acknowledge(acknowledgement.PacketIdentifier);
                return true;
            default:
                return false;
        }
    }

    private async ValueTask<bool> TryPublishAsync(MqttPublishPacket publish, CancellationToken cancellationToken)
    {
        if (publish.QualityOfServiceLevel > MqttQualityOfServiceLevel.AtLeastOnce || !HubTopic.TryParse(publish.Topic, out var topic))
        {
            return false;
        }

        ushort? packetId = publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce ? null : publish.PacketIdentifier;
        var body = Bytes(publish.Payload);
        switch (topic)
        {
            case HubTopic.TwinGet or HubTopic.TwinReported when _verdict.ObtainsOnly:
                await AddAsync(topic is HubTopic.TwinGet read ? read.RequestId : ((HubTopic.TwinReported)topic).RequestId, () => Task.FromResult(DrainedAnswer()));
                return true;
            case not HubTopic.CertificateRequest when _verdict.ObtainsOnly:
                return false;
            case HubTopic.Telemetry telemetry:
                // Nothing acknowledged may be lost, and MQTT has no word for "later": the next packet is read when this one may pass.
                await _hub.Limits.PassAsync(HubOperation.Telemetry, cancellationToken);
                return await TryStoreAsync(telemetry, publish.Retain, packetId, body);
            case HubTopic.TwinGet get:
                await AddAsync(get.RequestId, () => _twins.GetAsync(cancellationToken));
                return true;
            case HubTopic.TwinReported reported:
                await AddAsync(reported.RequestId, () => _twins.ReportAsync(reported.Version, body, cancellationToken));
                return true;
            case HubTopic.CertificateRequest asked:
                await _publishes.AddAsync(new PendingPublish(
                    packetId, body.Length, Store: null, () => Task.FromResult(_credentials.Take(asked.RequestId, body)), _credentials.NoteAnswered));
                return true;
            case HubTopic.MethodResponse answer:
                _methods.Answer(answer, body.Span);
                await AcknowledgeAsync();
                return true;
            default:
                await AcknowledgeAsync();
                return true;
        }

        ValueTask AcknowledgeAsync() => _publishes.AddAsync(new PendingPublish(packetId, body.Length, Store: null, Reply: null));

        ValueTask AddAsync(string requestId, Func<Task<TwinAnswer>> work) =>
            _publishes.AddAsync(new PendingPublish(packetId, body.Length, Store: null, () => ReplyAsync(requestId, work)));
    }

    private async ValueTask<bool> TryStoreAsync(HubTopic.Telemetry topic, bool isRetained, ushort? packetId, ReadOnlyMemory<byte> body)
    {
        if (topic.DeviceId != _connect.WireId || topic.ModuleId != _connect.ModuleId)
        {
            return false;
        }

        var properties = isRetained ? topic.Properties.With(StampedProperty.Retain, "true") : topic.Properties;
        var message = _messages.Create(properties, body);
        var size = message.Size;
        if (size > TelemetryMessage.MaxSize)
        {
            return false;
        }

        await _publishes.AddAsync(
            new PendingPublish(packetId, size, () => _hub.Feed.AppendAsync([message], CancellationToken.None), Reply: null));
        return true;
    }

    // The work is done also for a device that did not ask for the answers (hub-protocol §1.5).
    private async Task<MqttPublishPacket?> ReplyAsync(string requestId, Func<Task<TwinAnswer>> work)
    {
        var answer = await work();
        return _subscriptions.Has(HubFilter.TwinResponses) ? TwinReplies.Answer(requestId, answer) : null;
    }

    private TwinAnswer DrainedAnswer() =>
        TwinAnswer.Error(HubError.CertificateDrained, "The certificate is drained: ask for a new one, and come back with it.", _time.GetUtcNow());

    private TokenWatch? WatchToken() => _verdict.Presented is PresentedCredential.ByToken presented
        ? new TokenWatch(() => TokenWatch.EndOf(presented.Token.Expires, _verdict.At), () => Close(CloseReason.TokenExpired), _time)
        : null;

    private async Task LeaveWillAsync(CancellationToken cancellationToken)
    {
        if (_connect.Will is { } will && !_verdict.ObtainsOnly && _closed is not (CloseReason.TrustWithdrawn or CloseReason.ShuttingDown))
        {
            var message = _messages.Create(will.Properties, will.Body);
            await StoreAsync(() => _hub.Feed.AppendAsync([message], CancellationToken.None), cancellationToken);
        }
    }

    private Task<T> StoreAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken) => UntilStored.RunAsync(write, _time, cancellationToken);

    private static ReadOnlyMemory<byte> Bytes(in ReadOnlySequence<byte> payload) =>
        payload.IsSingleSegment ? payload.First : payload.ToArray();
}
