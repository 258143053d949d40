using Amqp.Framing;

namespace Perennial.Server.Amqp;

/// <summary>A link that no node took; it stands until the peer has detached it too.</summary>
internal sealed class RefusedLink(AmqpSession session, Attach attach) : AmqpLink(session, attach)
{
    protected override void OnEnded()
    {
        // Nobody here knew of it.
    }
}
