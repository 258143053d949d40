using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Amqp.Devices;

/// <summary>The address of a device's or a module's link: <c>/devices/{d}[/modules/{m}]/…</c>, read without case but for the ids.</summary>
internal sealed record DeviceAddress(DeviceId Id, DeviceChannel Channel)
{
    private static readonly (string[] Path, DeviceChannel Channel)[] Channels =
    [
        (["messages", "events"], DeviceChannel.Events),
        (["messages", "devicebound"], DeviceChannel.Devicebound),
        (["methods", "devicebound"], DeviceChannel.Methods),
        (["twin"], DeviceChannel.Twin),
    ];

    public static bool TryParse(AmqpAddress address, [NotNullWhen(true)] out DeviceAddress? device)
    {
        device = null;
        foreach (var (path, channel) in Channels)
        {
            if ((address.Is(["devices", "*", .. path]) && DeviceId.TryParse(address.Path[1], module: null, out var id))
                || (address.Is(["devices", "*", "modules", "*", .. path]) && DeviceId.TryParse(address.Path[1], address.Path[3], out id)))
            {
                device = new DeviceAddress(id, channel);
                return true;
            }
        }

        return false;
    }
}
