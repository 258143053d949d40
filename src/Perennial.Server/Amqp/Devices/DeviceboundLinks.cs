using Perennial.Server.Hubs;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Amqp.Devices;

/// <summary>The links on which one device receives its messages; most often one.</summary>
internal sealed class DeviceboundLinks(ServedHub hub, DeviceId id, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<DeviceboundDelivery> _deliveries = [];

    public IOutgoingEndpoint Open(Action ended)
    {
        var delivery = new DeviceboundDelivery(hub, id, time, Forget, ended);
        lock (_gate)
        {
            _deliveries.Add(delivery);
        }

        return delivery;
    }

    /// <summary>There may be messages to deliver.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _deliveries.ForEach(delivery => delivery.Wake());
        }
    }

    private void Forget(DeviceboundDelivery delivery)
    {
        lock (_gate)
        {
            _deliveries.Remove(delivery);
        }
    }
}
