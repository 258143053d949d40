using Perennial.Hub.Devices;
using Perennial.Server.Audit;

namespace Perennial.Server.Hubs;

/// <summary>Ends the live connections of a device and of its modules. It may connect again at once: nothing that it is trusted by changes.</summary>
internal sealed class DisconnectDevice(IAuditNotes audit)
{
    /// <returns>How many connections were ended.</returns>
    public async Task<int> RunAsync(ServedHub hub, DeviceId device, string actor, CancellationToken cancellationToken)
    {
        var live = hub.Sessions.Below(device);
        await audit.NoteAsync(actor, "device.disconnect", $"device '{device}' of hub '{hub.Name}'", cancellationToken);
        foreach (var session in live)
        {
            hub.Sessions.Drop(session);
        }

        return live.Count;
    }
}
