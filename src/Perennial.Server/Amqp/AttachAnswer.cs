using Amqp.Framing;
using Amqp.Types;

namespace Perennial.Server.Amqp;

/// <summary>What a node says to an attach.</summary>
internal abstract record AttachAnswer
{
    private AttachAnswer()
    {
    }

    /// <summary>Told of the link that was made of an accepting answer, once the peer was told.</summary>
    public Action<AmqpLink>? Made { get; init; }

    public static AttachAnswer Refuse(string condition, string description) => new Refused(AmqpErrors.Of(condition, description));

    /// <summary>The peer may send here.</summary>
    public sealed record Receiving(IIncomingEndpoint Endpoint) : AttachAnswer;

    /// <summary>The peer may receive from here.</summary>
    public sealed record Sending(IOutgoingEndpoint Endpoint) : AttachAnswer
    {
        /// <summary>Filters of the source that are honoured, in the form in which the peer named them.</summary>
        public Map? Filters { get; init; }

        /// <summary>Properties of the answering attach.</summary>
        public Fields? Properties { get; init; }
    }

    /// <summary>The link is refused: the attach is answered, and the link detached with this error.</summary>
    public sealed record Refused(Error Error) : AttachAnswer;
}
