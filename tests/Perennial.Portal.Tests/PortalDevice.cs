using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Server.Tests.Tls;
using Perennial.TestCertificates;

namespace Perennial.Portal.Tests;

/// <summary>A device that is connected to the hub of a portal's server.</summary>
internal sealed class PortalDevice : IAsyncDisposable
{
    private readonly TlsClient _client;

    private PortalDevice(TlsClient client) => _client = client;

    /// <summary>Asks the provisioning service to register the device.</summary>
    /// <returns>The topic of the answer, which holds its status.</returns>
    public static async Task<string> RegisterAsync(ServedPortal portal, string id, TestCertificate leaf, params IReadOnlyList<TestCertificate> others)
    {
        await using var client = await OpenAsync(portal, leaf, others);
        return (await client.RegisterAsync(portal.Instance.Document.IdScope, id)).Topic;
    }

    /// <summary>Asks the provisioning service, which turns the device away.</summary>
    public static async Task KnockAsync(ServedPortal portal, string id, TestCertificate leaf)
    {
        await using var client = await OpenAsync(portal, leaf);
        await client.Channel.SendAsync(
            new MqttConnectPacket
            {
                ClientId = id,
                Username = $"{portal.Instance.Document.IdScope}/registrations/{id}/api-version=2019-03-31",
                KeepAlivePeriod = 60,
            },
            TestContext.Current.CancellationToken);
        await client.Channel.ReceiveAsync(TestContext.Current.CancellationToken);
        await client.Channel.SendAsync(
            new MqttSubscribePacket { PacketIdentifier = 1, TopicFilters = [new MqttTopicFilter { Topic = "$dps/registrations/res/#" }] },
            TestContext.Current.CancellationToken);
        await client.Channel.ReceiveAsync(TestContext.Current.CancellationToken);
        await client.Channel.SendAsync(
            new MqttPublishPacket { Topic = "$dps/registrations/PUT/iotdps-register/?$rid=1", PayloadSegment = "{}"u8.ToArray() },
            TestContext.Current.CancellationToken);
        await client.Channel.ReceiveAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Registers and connects to the hub.</summary>
    public static async Task<PortalDevice> ConnectAsync(ServedPortal portal, string id, TestCertificate leaf, params IReadOnlyList<TestCertificate> others)
    {
        Assert.Contains("/200/", await RegisterAsync(portal, id, leaf, others), StringComparison.Ordinal);
        var client = await OpenAsync(portal, leaf, others);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await ConnectAsync(client, portal, id));
        return new PortalDevice(client);
    }

    /// <summary>Fails unless the provisioning service and the hub both turn the device away.</summary>
    public static async Task AssertRefusedAsync(ServedPortal portal, string id, TestCertificate leaf, params IReadOnlyList<TestCertificate> others)
    {
        Assert.Contains("/401/", await RegisterAsync(portal, id, leaf, others), StringComparison.Ordinal);
        await using var client = await OpenAsync(portal, leaf, others);
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await ConnectAsync(client, portal, id));
    }

    /// <summary>Returns when the server has ended the connection.</summary>
    public async Task WaitForEndAsync()
    {
        try
        {
            Assert.Null(await _client.Channel.ReceiveAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        }
        catch (IOException)
        {
            // Ended without a farewell.
        }
    }

    /// <summary>Fails unless the connection is answered still.</summary>
    public async Task PingAsync()
    {
        await _client.Channel.SendAsync(MqttPingReqPacket.Instance, TestContext.Current.CancellationToken);
        Assert.IsType<MqttPingRespPacket>(await _client.Channel.ReceiveAsync(TestContext.Current.CancellationToken));
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private static async Task<MqttConnectReturnCode> ConnectAsync(TlsClient client, ServedPortal portal, string id)
    {
        await client.Channel.SendAsync(
            new MqttConnectPacket
            {
                ClientId = id,
                Username = $"{portal.Instance.Document.Hubs[0].HostName}/{id}/?api-version=2021-04-12",
                KeepAlivePeriod = 600,
            },
            TestContext.Current.CancellationToken);
        return Assert.IsType<MqttConnAckPacket>(await client.Channel.ReceiveAsync(TestContext.Current.CancellationToken)).ReturnCode;
    }

    private static Task<TlsClient> OpenAsync(ServedPortal portal, TestCertificate leaf, params IReadOnlyList<TestCertificate> others) =>
        TlsClient.ConnectAsync(portal.Instance.TrustBundle, portal.Instance.Document.Ports.Mqtt, leaf, others: others);
}
