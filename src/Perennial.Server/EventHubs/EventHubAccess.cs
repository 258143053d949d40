using Perennial.Hub.Access;
using Perennial.Server.Amqp;
using Perennial.Server.Hubs;
using Perennial.X509;

namespace Perennial.Server.EventHubs;

/// <summary>What one connection may read: the telemetry of hubs for which it has put a token with the right to.</summary>
internal sealed class EventHubAccess(AmqpPeer peer, ServedHubs hubs, Action<Refusal, string> note)
{
    /// <summary>The path by which devices' hubs name their telemetry; it may stand in the place of the entity.</summary>
    private static readonly string[] Events = ["messages", "events"];

    /// <summary>The hub that the connection asks for, when the entity is its name.</summary>
    public ServedHub? Find(IEnumerable<string> entity)
    {
        var hub = hubs.FindByHost(peer.HostName);
        string[] path = [.. entity];
        return hub is not null && (Is(path, hub.Name) || Is(path, Events)) ? hub : null;
    }

    /// <summary>Whether a token of the connection allows to read what the path names.</summary>
    public bool Allows(ServedHub hub, IReadOnlyList<string> path)
    {
        var refusal = !peer.Tokens.TryFind(hub.HostName, path, out var token)
            ? new Refusal(SasRefusals.WrongResource, $"No token covers '{string.Join('/', path)}' of {hub.HostName}.")
            : hub.Callers.TryAuthorize(token, HubPermissions.ServiceConnect, out _, out var denied) ? null : denied;
        if (refusal is not null)
        {
            note(refusal, "a reader of telemetry");
        }

        return refusal is null;
    }

    /// <summary>Calls back when the life of the token is over and no other took its place, or when its policy lets it in no more.</summary>
    public IDisposable Watch(ServedHub hub, IReadOnlyList<string> path, Action ended, TimeProvider time) => new AccessWatch(
        peer.Tokens.WatchExpiry(hub.HostName, path, ended, time), hub.Policies, () => Allows(hub, path), ended);

    private static bool Is(string[] path, params string[] expected) => path.SequenceEqual(expected, StringComparer.OrdinalIgnoreCase);
}
