using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Protocol;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Hub.Credentials;

namespace Perennial.Agent.Connections;

/// <summary>One live connection to the hub: the twin, and certificates for the next key.</summary>
internal sealed class HubConnection : IAsyncDisposable
{
    private const string TwinAnswers = "$iothub/twin/res/";
    private const string DesiredChanges = "$iothub/twin/PATCH/properties/desired/";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IMqttClient _client;
    private readonly string _deviceId;
    private readonly ConcurrentDictionary<string, Channel<HubAnswer>> _awaited = new(StringComparer.Ordinal);
    private readonly Channel<bool> _desired = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Channel<MethodCall> _methods = Channel.CreateBounded<MethodCall>(new BoundedChannelOptions(8) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _takesMethods;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HubConnection(IMqttClient client, string deviceId)
    {
        _client = client;
        _deviceId = deviceId;
        client.ApplicationMessageReceivedAsync += HearAsync;
        client.DisconnectedAsync += _ =>
        {
            End();
            return Task.CompletedTask;
        };
    }

    /// <summary>Done when the connection is.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether the hub said that the certificate is drained: on this connection a new one can be asked for, and nothing else done.</summary>
    public bool IsDrained { get; private set; }

    /// <summary>Holds something whenever the desired properties have changed since the twin was read.</summary>
    public ChannelReader<bool> DesiredChanged => _desired.Reader;

    /// <summary>Methods that were called and wait for their answer.</summary>
    public ChannelReader<MethodCall> Methods => _methods.Reader;

    /// <summary>Lets methods be called, from the first time on.</summary>
    public async Task TakeMethodsAsync(CancellationToken cancellationToken)
    {
        if (!_takesMethods)
        {
            _takesMethods = true;
            await SubscribeAsync([HubFilter.Methods], cancellationToken);
        }
    }

    /// <summary>Answers a method.</summary>
    public Task AnswerAsync(MethodCall call, int status, JsonObject body, CancellationToken cancellationToken) => PublishAsync(
        new HubTopic.MethodResponse(status, call.RequestId).Format(), System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()), cancellationToken);

    /// <summary>The twin; null when this hub has none for the device.</summary>
    public async Task<DeviceTwinDocument?> ReadTwinAsync(CancellationToken cancellationToken)
    {
        await SubscribeAsync([HubFilter.TwinResponses, HubFilter.DesiredProperties], cancellationToken);
        _ = _desired.Reader.TryRead(out _);
        var answer = await AskAsync(rid => new HubTopic.TwinGet(rid).Format(), [], Patience, cancellationToken);
        IsDrained = answer.Status == HubError.CertificateDrained.HttpStatus
            && WireJson.TryParse<HubErrorDocument>(answer.Body, out var error) && error.ErrorCode == HubError.CertificateDrained.Code;
        return answer.Status == 200 && WireJson.TryParse<DeviceTwinDocument>(answer.Body, out var twin) ? twin : null;
    }

    /// <summary>Merges into the reported properties.</summary>
    /// <returns>Whether the hub took it.</returns>
    public async Task<bool> ReportAsync(JsonObject properties, CancellationToken cancellationToken)
    {
        var body = System.Text.Encoding.UTF8.GetBytes(properties.ToJsonString());
        var answer = await AskAsync(rid => new HubTopic.TwinReported(rid, null).Format(), body, Patience, cancellationToken);
        return answer.Status is >= 200 and < 300;
    }

    /// <summary>Asks for a certificate and waits for it. The same request id finds the same operation again.</summary>
    /// <exception cref="ExchangeException">The hub says no, asks to wait, or does not answer in time.</exception>
    public async Task<IReadOnlyList<string>> RequestCertificateAsync(string requestId, byte[] csr, TimeSpan patience, CancellationToken cancellationToken)
    {
        var request = new CertificateRequestDocument { Id = _deviceId, Csr = Convert.ToBase64String(csr), Replace = CertificateRequestDocument.ReplaceAny };
        await SubscribeAsync([CredentialTopic.Answers], cancellationToken);
        var replies = Await(requestId);
        try
        {
            await PublishAsync(CredentialTopic.FormatRequest(requestId), WireJson.ToUtf8(request), cancellationToken);
            var answer = await NextAsync(replies, patience, cancellationToken);
            while (answer.Status == 202)
            {
                answer = await NextAsync(replies, patience, cancellationToken);
            }

            return CertificateAnswer.Read(answer);
        }
        finally
        {
            _awaited.TryRemove(requestId, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_client.IsConnected)
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
                await _client.DisconnectAsync(new MqttClientDisconnectOptions(), limit.Token);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A connection that ends badly has ended.
        }

        _client.Dispose();
        End();
    }

    private async Task SubscribeAsync(string[] filters, CancellationToken cancellationToken)
    {
        var options = new MqttClientSubscribeOptions
        {
            TopicFilters = [.. filters.Select(filter => new MQTTnet.Packets.MqttTopicFilter { Topic = filter, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce })],
        };
        var result = await CallAsync(token => _client.SubscribeAsync(options, token), cancellationToken);
        if (result.Items.FirstOrDefault(item => (int)item.ResultCode >= 0x80) is { } refused)
        {
            throw new ExchangeException(FailureKind.Refused, $"the hub does not offer {refused.TopicFilter.Topic}");
        }
    }

    private async Task<HubAnswer> AskAsync(Func<string, string> topic, byte[] body, TimeSpan patience, CancellationToken cancellationToken)
    {
        var rid = Guid.NewGuid().ToString("N");
        var replies = Await(rid);
        try
        {
            await PublishAsync(topic(rid), body, cancellationToken);
            return await NextAsync(replies, patience, cancellationToken);
        }
        finally
        {
            _awaited.TryRemove(rid, out _);
        }
    }

    private Task<MqttClientPublishResult> PublishAsync(string topic, byte[] body, CancellationToken cancellationToken) => CallAsync(
        token => _client.PublishAsync(
            new MqttApplicationMessage { Topic = topic, Payload = new(body), QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce }, token),
        cancellationToken);

    private ChannelReader<HubAnswer> Await(string rid)
    {
        var replies = Channel.CreateBounded<HubAnswer>(new BoundedChannelOptions(4) { FullMode = BoundedChannelFullMode.DropOldest });
        _awaited[rid] = replies;
        if (Ended.IsCompleted)
        {
            replies.Writer.TryComplete();
        }

        return replies.Reader;
    }

    private static async Task<HubAnswer> NextAsync(ChannelReader<HubAnswer> replies, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            return await replies.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ExchangeException(FailureKind.Unavailable, "the hub does not answer in time", null, exception);
        }
        catch (ChannelClosedException exception)
        {
            throw new ExchangeException(FailureKind.Unavailable, "the hub ended the connection", null, exception);
        }
    }

    private static async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return await call(limit.Token);
        }
        catch (Exception exception) when (exception is not ExchangeException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ExchangeException(FailureKind.Unavailable, $"the hub ended the connection or does not answer: {exception.Message}", null, exception);
        }
    }

    private Task HearAsync(MqttApplicationMessageReceivedEventArgs heard)
    {
        var topic = heard.ApplicationMessage.Topic;
        if (topic.StartsWith(DesiredChanges, StringComparison.Ordinal))
        {
            _desired.Writer.TryWrite(true);
        }
        else if (HubAnswer.TryRead(topic, TwinAnswers, heard.ApplicationMessage.Payload, out var rid, out var answer))
        {
            if (_awaited.TryGetValue(rid, out var replies))
            {
                replies.Writer.TryWrite(answer);
            }
        }
        else if (_takesMethods && MethodCall.TryRead(topic, heard.ApplicationMessage.Payload, out var call))
        {
            _methods.Writer.TryWrite(call);
        }
        else
        {
            // A message for another program of the device, whose session this is too: it stays with the hub.
            heard.AutoAcknowledge = false;
        }

        return Task.CompletedTask;
    }

    private void End()
    {
        _ended.TrySetResult();
        foreach (var replies in _awaited.Values)
        {
            replies.Writer.TryComplete();
        }
    }
}
