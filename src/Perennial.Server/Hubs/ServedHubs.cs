using Perennial.Hub.Sessions;

namespace Perennial.Server.Hubs;

/// <summary>The logical hubs of this process, told apart by host name.</summary>
internal sealed class ServedHubs(IReadOnlyList<ServedHub> hubs)
{
    public IReadOnlyList<ServedHub> All { get; } = hubs;

    /// <summary>The names of those that ask a device's enrollment at each connect.</summary>
    public IReadOnlySet<string> FollowingEnrollments { get; } =
        hubs.Where(hub => hub.Behaviour == HubBehaviour.FollowEnrollment).Select(hub => hub.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>The hub of this host name, without a port and in any case; null when there is none.</summary>
    public ServedHub? FindByHost(string? hostName) =>
        All.FirstOrDefault(hub => string.Equals(hub.HostName, hostName, StringComparison.OrdinalIgnoreCase));

    public ServedHub? FindByName(string? name) =>
        All.FirstOrDefault(hub => string.Equals(hub.Name, name, StringComparison.OrdinalIgnoreCase));
}
