using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;

namespace Perennial.Server.Hubs;

/// <summary>What of a hub says who may connect to it.</summary>
/// <param name="HostName">Its host name.</param>
/// <param name="Devices">Its identities.</param>
/// <param name="Authenticate">Its check.</param>
/// <param name="Sessions">Who is connected.</param>
internal sealed record CheckedHub(string HostName, IDeviceStore Devices, AuthenticateDevice Authenticate, SessionRegistry Sessions)
{
    public static CheckedHub Of(ServedHub hub) => new(hub.HostName, hub.Devices, hub.Authenticate, hub.Sessions);
}
