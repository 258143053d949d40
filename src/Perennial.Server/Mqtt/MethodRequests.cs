using MQTTnet.Packets;
using Perennial.Hub.Methods;
using Perennial.Hub.Sessions;
using Perennial.Protocol.Hub;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Mqtt;

/// <summary>The direct methods of one device (hub-protocol §1.6). All of it is sent at quality of service 0.</summary>
internal sealed class MethodRequests(MqttChannel channel, HubSubscriptions subscriptions, InvokeMethod methods, DeviceId id)
{
    // Clients cut the topic by position and decode nothing: an id of hexadecimal digits alone.
    private const string IdFormat = "N";

    private volatile bool _isAccepted;

    public bool AreTaken => _isAccepted && subscriptions.Has(HubFilter.Methods);

    /// <summary>CONNACK is sent.</summary>
    public void Start()
    {
        _isAccepted = true;
        NoteReady();
    }

    /// <summary>The device may have subscribed to methods; those who wait for it are told.</summary>
    public void NoteReady()
    {
        if (AreTaken)
        {
            methods.NoteReady(id);
        }
    }

    public void Send(MethodCall call) => _ = SendAsync(new MqttPublishPacket
    {
        Topic = DeviceboundTopic.Method(call.Name, call.Id.ToString(IdFormat)),
        PayloadSegment = call.Payload.ToArray(),
    });

    public void Answer(HubTopic.MethodResponse response, ReadOnlySpan<byte> body)
    {
        if (Guid.TryParseExact(response.RequestId, IdFormat, out var call))
        {
            methods.Answer(id, call, response.Status, body);
        }
    }

    // Not awaited: the channel keeps the order of the calls, bounds what waits, and ends the connection of a device that does not read.
    private async Task SendAsync(MqttPublishPacket packet)
    {
        try
        {
            await channel.SendAsync(packet, CancellationToken.None);
        }
        catch (IOException)
        {
            // The connection is gone; the caller is told after the response time.
        }
    }
}
