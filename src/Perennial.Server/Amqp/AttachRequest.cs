using Amqp.Framing;

namespace Perennial.Server.Amqp;

/// <summary>A link that the peer wants.</summary>
/// <param name="Peer">The other end, with the tokens that it has put.</param>
/// <param name="Session">The session of the link: links pair up within it.</param>
/// <param name="Attach">What the peer sent: name, properties, settle modes, filters.</param>
/// <param name="Address">That of the end here: the target when the peer sends, the source when it receives.</param>
internal sealed record AttachRequest(AmqpPeer Peer, AmqpSession Session, Attach Attach, AmqpAddress Address)
{
    /// <summary>Whether messages flow from the peer to this server.</summary>
    public bool PeerSends => !Attach.Role;
}
