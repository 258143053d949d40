using Perennial.Hub.Access;
using Perennial.Server.Hubs;
using Perennial.X509;

namespace Perennial.Server.Amqp;

/// <summary>Whether a connection's tokens let it act as a back end of a hub. It is asked again with each act: tokens end and are renewed.</summary>
internal sealed class BackEndRight(AmqpPeer peer, ServedHub hub, IReadOnlyList<string> path, TimeProvider time)
{
    public ServedHub Hub { get; } = hub;

    public TimeProvider Time { get; } = time;

    /// <summary>Why it may not now; null when it may.</summary>
    public Refusal? Refusal =>
        !TryFindToken(out var token) ? new Refusal(SasRefusals.Unreadable, "No token was put for what is asked for.")
        : Hub.Callers.TryAuthorize(token, HubPermissions.ServiceConnect, out _, out var refusal) ? null
        : refusal;

    // One client brings its token by SASL PLAIN and puts none.
    private bool TryFindToken([NotNullWhen(true)] out PresentedToken? token) =>
        peer.Tokens.TryFind(Hub.HostName, path, out token) || TokenReading.TryRead(peer.Plain?.Password, Hub.HostName, [.. path], out token);
}
