using Perennial.Hub.Twins;
using Perennial.Protocol.Hub;

namespace Perennial.Server.Mqtt;

/// <summary>Tells a device of changes to its desired properties, in the order it is called; those that come before CONNACK wait for it.</summary>
internal sealed class DesiredNotices(MqttChannel channel, HubSubscriptions subscriptions)
{
    private readonly Lock _gate = new();
    private List<DesiredNotice>? _early = [];

    public void Start()
    {
        lock (_gate)
        {
            _early?.ForEach(Publish);
            _early = null;
        }
    }

    public void Send(DesiredNotice notice)
    {
        lock (_gate)
        {
            if (_early is null)
            {
                Publish(notice);
            }
            else
            {
                _early.Add(notice);
            }
        }
    }

    // Not awaited: the channel keeps the order of the calls, bounds what waits, and ends the connection of a device that does not read.
    private void Publish(DesiredNotice notice)
    {
        if (subscriptions.Has(HubFilter.DesiredProperties))
        {
            _ = SendAsync(notice);
        }
    }

    private async Task SendAsync(DesiredNotice notice)
    {
        try
        {
            await channel.SendAsync(TwinReplies.Desired(notice), CancellationToken.None);
        }
        catch (IOException)
        {
            // The connection is gone; the device reads the twin when it is back.
        }
    }
}
