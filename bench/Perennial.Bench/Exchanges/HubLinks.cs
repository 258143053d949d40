using System.Buffers;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench.Exchanges;

/// <summary>Devices that connect to one MQTT server, a hub or a broker, and publish there.</summary>
/// <param name="server">Where it listens.</param>
/// <param name="host">By which name it is met; the hub's in the user name.</param>
/// <param name="devices">Who connects.</param>
internal sealed class HubLinks(ServerAddress server, string host, IReadOnlyList<Applicant> devices) : IAsyncDisposable
{
    private static readonly ReadOnlyMemory<byte> Body = new byte[200];

    private List<DeviceLink>? _open;

    /// <summary>How long a device may be silent, in seconds.</summary>
    public ushort KeepAliveSeconds { get; init; } = 60;

    /// <summary>Handshake, CONNECT and CONNACK, DISCONNECT, so many times.</summary>
    public Task<Func<Task>> PrepareConnectsAsync(int count) => Task.FromResult(() => Parallel.ForAsync(
        0,
        count,
        new ParallelOptions { MaxDegreeOfParallelism = RoundPlan.Together },
        async (i, _) =>
        {
            await using var link = await ConnectAsync(devices[i % devices.Count]);
            await link.DisconnectAsync();
        }));

    /// <summary>One publish at quality of service 1 after the other on each of the connections, which stay open from round to round.</summary>
    public async Task<Func<Task>> PreparePublishesAsync(int count)
    {
        _open ??= await OpenAllAsync();
        return () => Task.WhenAll(_open.Select((link, i) => PublishAsync(link, devices[i].Id, count / _open.Count)));
    }

    public async Task<List<DeviceLink>> OpenAllAsync()
    {
        var links = new DeviceLink[devices.Count];
        await Parallel.ForAsync(
            0, devices.Count, new ParallelOptions { MaxDegreeOfParallelism = RoundPlan.Together }, async (i, _) => links[i] = await ConnectAsync(devices[i]));
        return [.. links];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _open ?? [])
        {
            await link.DisposeAsync();
        }
    }

    private static async Task PublishAsync(DeviceLink link, string id, int count)
    {
        for (var number = 1; number <= count; number++)
        {
            var packet = new MqttPublishPacket
            {
                Topic = $"devices/{id}/messages/events/",
                QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                PacketIdentifier = (ushort)number,
                Payload = new ReadOnlySequence<byte>(Body),
            };
            await link.SendAsync(packet, CancellationToken.None);
            if (await link.ReceiveAsync(CancellationToken.None) is not MqttPubAckPacket)
            {
                throw new IOException($"The publish {number} of {id} was not acknowledged.");
            }
        }
    }

    private async Task<DeviceLink> ConnectAsync(Applicant device)
    {
        var link = await DeviceLink.OpenAsync(server, host, device.Credential, TimeProvider.System, CancellationToken.None);
        var user = HubUserName.Format(host, DeviceId.Parse(device.Id, null), SandboxDevice.ClientType);
        var code = await link.ConnectAsync(device.Id, user, cleanSession: true, CancellationToken.None, KeepAliveSeconds);
        return code == MqttConnectReturnCode.ConnectionAccepted ? link : throw new IOException($"{device.Id} was answered {code} by {host}.");
    }
}
