using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Perennial.Server.Amqp;

/// <summary>Answers one attach, as a node decided.</summary>
internal sealed class AttachReply(AmqpSession session, Attach attach)
{
    private AttachAnswer? _answer;

    /// <summary>How the sender settles; both ways when the peer says nothing (AMQP 1.0 §2.7.3).</summary>
    public static SenderSettleMode ModeOf(Attach attach) => attach.HasField(3) ? attach.SndSettleMode : SenderSettleMode.Mixed;

    /// <summary>The link that the answer makes; a refused one ends as soon as it is there.</summary>
    public AmqpLink Link(AttachAnswer answer)
    {
        var fits = answer is AttachAnswer.Refused || (answer is AttachAnswer.Sending) == attach.Role;
        _answer = fits ? answer : AttachAnswer.Refuse(ErrorCode.NotAllowed, "Messages do not flow in this direction here.");
        return _answer switch
        {
            AttachAnswer.Receiving receiving => new IncomingLink(session, attach, receiving.Endpoint),
            AttachAnswer.Sending sending => new OutgoingLink(session, attach, sending.Endpoint),
            _ => new RefusedLink(session, attach),
        };
    }

    /// <summary>Sends the answering attach and what follows it: credit, or the error.</summary>
    public void Send(AmqpLink link)
    {
        session.Send(Answer(link));
        switch (link, _answer)
        {
            case (IncomingLink incoming, _):
                session.Send(incoming.Flow());
                break;
            case (OutgoingLink outgoing, _):
                outgoing.Endpoint.Attached(outgoing);
                break;
            case (_, AttachAnswer.Refused refused):
                link.Detach(refused.Error);
                break;
            default:
                break;
        }

        _answer?.Made?.Invoke(link);
    }

    private Attach Answer(AmqpLink link)
    {
        var answer = new Attach
        {
            LinkName = attach.LinkName,
            Handle = attach.Handle,
            Role = !attach.Role,
            SndSettleMode = ModeOf(attach),
            RcvSettleMode = link is OutgoingLink ? attach.RcvSettleMode : ReceiverSettleMode.First,
        };
        var sending = _answer as AttachAnswer.Sending;
        answer.Properties = sending?.Properties;

        // The end here of a refused link is left out: that is how an attach says that there is none (AMQP 1.0 §2.6.3).
        if (attach.Role)
        {
            answer.Source = sending is null ? null : Source(sending.Filters);
            answer.Target = attach.Target;
            answer.InitialDeliveryCount = 0;
        }
        else
        {
            answer.Source = attach.Source;
            answer.Target = link is IncomingLink ? attach.Target : null;
            answer.MaxMessageSize = AmqpBounds.MaxMessage;
        }

        return answer;
    }

    private Source Source(Map? filters)
    {
        var source = new Source { Address = (attach.Source as Source)?.Address };
        if (filters is not null)
        {
            source.FilterSet = filters;
        }

        return source;
    }
}
