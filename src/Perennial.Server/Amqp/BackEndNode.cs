using Amqp;
using Perennial.Server.Hubs;
using Perennial.X509;

namespace Perennial.Server.Amqp;

/// <summary>What back ends attach to: sending to devices, feedback on what was sent, file notifications (hub-protocol §5.1 to §5.4).</summary>
internal sealed class BackEndNode(AmqpPeer peer, ServedHubs hubs, Action<Refusal, string> note, TimeProvider time) : IAmqpNode
{
    public ValueTask<AttachAnswer?> AttachAsync(AttachRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Open(request) is { } open ? Answer(request, open) : null);

    // No file is ever uploaded, so the link of its notifications stays silent.
    private static Func<BackEndRight, AttachAnswer>? Open(AttachRequest request) =>
        request.PeerSends
            ? request.Address.Is("messages", "devicebound") ? right => new AttachAnswer.Receiving(new DeviceboundLink(right)) : null
        : request.Address.Is("messages", "servicebound", "feedback")
            ? right => new AttachAnswer.Sending(new FeedbackLink(right, AttachReply.ModeOf(request.Attach)))
        : request.Address.Is("messages", "servicebound", "filenotifications") ? _ => new AttachAnswer.Sending(new SilentLink())
        : null;

    private AttachAnswer Answer(AttachRequest request, Func<BackEndRight, AttachAnswer> open)
    {
        if (hubs.FindByHost(peer.HostName) is not { } hub)
        {
            return AttachAnswer.Refuse(ErrorCode.NotFound, $"No hub answers to '{peer.HostName}'.");
        }

        var right = new BackEndRight(peer, hub, request.Address.Path, time);
        if (right.Refusal is not { } refusal)
        {
            return open(right);
        }

        note(refusal, "a back end of a hub");
        return AttachAnswer.Refuse(ErrorCode.UnauthorizedAccess, "Unauthorized");
    }
}
