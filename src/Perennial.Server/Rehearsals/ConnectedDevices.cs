using Perennial.Hub.Devices;
using Perennial.Server.Hubs;

namespace Perennial.Server.Rehearsals;

/// <summary>The devices that have a live connection to a hub of this process, by registration id.</summary>
internal static class ConnectedDevices
{
    public static HashSet<string> Of(ServedHubs hubs) => hubs.All
        .SelectMany(hub => hub.Sessions.All)
        .Select(session => (session.Verdict.Device.Credential as DeviceCredential.FollowsEnrollment)?.RegistrationId ?? session.Id.Value)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);
}
