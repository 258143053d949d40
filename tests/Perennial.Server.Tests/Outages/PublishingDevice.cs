using System.Collections.Concurrent;
using System.Globalization;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Server.Tests.Tls;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Outages;

/// <summary>A device on a hub that publishes 1, 2, 3 …, after a prefix, at quality of service 1 on one connection, and keeps what was acknowledged.</summary>
internal sealed class PublishingDevice : IAsyncDisposable
{
    private const int Window = 8;

    private readonly TlsClient _client;
    private readonly string _prefix;
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly ConcurrentQueue<int> _acknowledged = new();
    private readonly SemaphoreSlim _room = new(Window);
    private readonly Task _publishing;
    private readonly Task _receiving;
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PublishingDevice(TlsClient client, string id, string prefix)
    {
        _client = client;
        _prefix = prefix;
        Id = id;
        _publishing = PublishAsync();
        _receiving = ReceiveAsync();
    }

    public string Id { get; }

    public IReadOnlyList<int> Acknowledged => [.. _acknowledged];

    /// <summary>The bodies of what was acknowledged.</summary>
    public IReadOnlyList<string> AcknowledgedBodies => [.. _acknowledged.Select(number => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{number}"))];

    /// <summary>Registers and connects.</summary>
    public static async Task<PublishingDevice> ConnectAsync(DeviceEndpoint server, string id, TestCertificate leaf, string prefix = "")
    {
        await using (var provisioning = await TlsClient.ConnectAsync(server.TrustBundle, server.MqttPort, leaf))
        {
            var (topic, body) = await provisioning.RegisterAsync(server.IdScope, id);
            Assert.True(topic.Contains("/200/", StringComparison.Ordinal), $"{topic} {body}");
        }

        var (client, code) = await OpenAsync(server, id, leaf);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, code);
        return new PublishingDevice(client, id, prefix);
    }

    /// <summary>Connects to the hub, and tells how it was answered.</summary>
    public static async Task<MqttConnectReturnCode> TryAsync(DeviceEndpoint server, string id, TestCertificate leaf)
    {
        var (client, code) = await OpenAsync(server, id, leaf);
        await client.DisposeAsync();
        return code;
    }

    /// <summary>Waits until this many more are acknowledged.</summary>
    public async Task WaitForAsync(int more)
    {
        var goal = _acknowledged.Count + more;
        while (_acknowledged.Count < goal)
        {
            Task next;
            lock (_gate)
            {
                next = _next.Task;
            }

            if (_acknowledged.Count < goal)
            {
                var first = await Task.WhenAny(next, _receiving, _publishing).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
                Assert.True(first == next, $"the connection of {Id} ended after {_acknowledged.Count}");
            }
        }
    }

    /// <summary>Waits until the server has ended the connection.</summary>
    public async Task WaitForEndAsync(TimeSpan limit) =>
        await Task.WhenAny(_receiving, _publishing).WaitAsync(limit, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _client.DisposeAsync();
        await Task.WhenAll(_publishing, _receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _room.Dispose();
    }

    private static async Task<(TlsClient Client, MqttConnectReturnCode Code)> OpenAsync(DeviceEndpoint server, string id, TestCertificate leaf)
    {
        var client = await TlsClient.ConnectAsync(server.TrustBundle, server.MqttPort, leaf);
        var connect = new MqttConnectPacket
        {
            ClientId = id,
            Username = $"localhost/{id}/?api-version=2021-04-12",
            KeepAlivePeriod = 60,
            CleanSession = true,
        };
        await client.Channel.SendAsync(connect, TestContext.Current.CancellationToken);
        var answer = Assert.IsType<MqttConnAckPacket>(await client.Channel.ReceiveAsync(TestContext.Current.CancellationToken));
        return (client, answer.ReturnCode);
    }

    private async Task PublishAsync()
    {
        for (var number = 1; ; number++)
        {
            await _room.WaitAsync(_stop.Token);
            await _client.Channel.SendAsync(
                new MqttPublishPacket
                {
                    Topic = $"devices/{Id}/messages/events/",
                    PacketIdentifier = (ushort)number,
                    QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                    PayloadSegment = System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_prefix}{number}")),
                },
                _stop.Token);
        }
    }

    private async Task ReceiveAsync()
    {
        while (await _client.Channel.ReceiveAsync(_stop.Token) is { } packet)
        {
            if (packet is MqttPubAckPacket acknowledgement)
            {
                _acknowledged.Enqueue(acknowledgement.PacketIdentifier);
                _room.Release();
                lock (_gate)
                {
                    _next.TrySetResult();
                    _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }
    }
}
