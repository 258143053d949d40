using Amqp;
using Amqp.Framing;

namespace Perennial.Server.Amqp;

/// <summary>
/// The links on which a node's answers leave, when it is asked on other links: the one whose target address is the request's
/// <c>reply-to</c>, or else the newest (hub-protocol §3.2, §5.5).
/// </summary>
internal sealed class ReplyLinks
{
    private readonly Lock _gate = new();
    private readonly List<OutgoingLink> _links = [];

    /// <summary>Whether there is such a link.</summary>
    public bool Any
    {
        get
        {
            lock (_gate)
            {
                return _links.Count > 0;
            }
        }
    }

    /// <summary>The end of one more such link.</summary>
    /// <param name="attached">Told when it is attached.</param>
    /// <param name="ended">Told when it is gone.</param>
    public IOutgoingEndpoint Open(Action? attached = null, Action? ended = null) => new End(this, attached, ended);

    /// <summary>Sends a message on the newest link once there is credit; without a link it goes nowhere.</summary>
    public void Post(Message message) => Find(replyTo: null)?.Post(message);

    /// <summary>Sends an answer once there is credit; without a link it goes nowhere.</summary>
    /// <param name="request">What is answered; its message id becomes the correlation id, in the same type.</param>
    /// <param name="answer">The answer.</param>
    public void Post(Message request, Message answer)
    {
        if (request.Properties?.GetMessageId() is { } id)
        {
            answer.Properties ??= new Properties();
            answer.Properties.SetCorrelationId(id);
        }

        Find(request.Properties?.ReplyTo)?.Post(answer);
    }

    private OutgoingLink? Find(string? replyTo)
    {
        lock (_gate)
        {
            return _links.FindLast(link => link.TargetAddress is not null && string.Equals(link.TargetAddress, replyTo, StringComparison.Ordinal))
                ?? _links.LastOrDefault();
        }
    }

    private sealed class End(ReplyLinks links, Action? attached, Action? ended) : IOutgoingEndpoint
    {
        private OutgoingLink? _link;

        public void Attached(OutgoingLink link)
        {
            _link = link;
            lock (links._gate)
            {
                links._links.Add(link);
            }

            attached?.Invoke();
        }

        public void CreditGranted()
        {
            // Answers wait in the link.
        }

        public Task SettledAsync(byte[] tag, DeliveryState? state) => Task.CompletedTask;

        public void Detached()
        {
            lock (links._gate)
            {
                links._links.Remove(_link!);
            }

            ended?.Invoke();
        }
    }
}
