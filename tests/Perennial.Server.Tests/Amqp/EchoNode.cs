using Amqp.Framing;
using Perennial.Server.Amqp;

namespace Perennial.Server.Tests.Amqp;

/// <summary>The node <c>echo</c>: keeps what comes, sends what the test hands it, and refuses the address <c>no</c>.</summary>
internal sealed class EchoNode : IAmqpNode, IIncomingEndpoint, IOutgoingEndpoint
{
    public List<IncomingMessage> Taken { get; } = [];

    public List<(string Tag, DeliveryState? State)> Settled { get; } = [];

    public TaskCompletionSource<Outcome>? Pending { get; set; }

    public OutgoingLink? Link { get; private set; }

    public int Grants { get; private set; }

    public int Detaches { get; private set; }

    public ValueTask<AttachAnswer?> AttachAsync(AttachRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(
        request.Address.Is("echo") ? request.PeerSends ? new AttachAnswer.Receiving(this) : new AttachAnswer.Sending(this)
        : request.Address.Is("no") ? AttachAnswer.Refuse("amqp:unauthorized-access", "No.")
        : null);

    public Task<Outcome> TakeAsync(IncomingMessage message)
    {
        Taken.Add(message);
        return Pending?.Task ?? Task.FromResult<Outcome>(new Accepted());
    }

    public void Attached(OutgoingLink link) => Link = link;

    public void CreditGranted() => Grants++;

    public Task SettledAsync(byte[] tag, DeliveryState? state)
    {
        Settled.Add((Convert.ToHexString(tag), state));
        return Task.CompletedTask;
    }

    public void Detached() => Detaches++;
}
