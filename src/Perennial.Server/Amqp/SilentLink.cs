using Amqp.Framing;

namespace Perennial.Server.Amqp;

/// <summary>A link that nothing is ever sent on.</summary>
internal sealed class SilentLink : IOutgoingEndpoint
{
    public void Attached(OutgoingLink link)
    {
    }

    public void CreditGranted()
    {
    }

    public Task SettledAsync(byte[] tag, DeliveryState? state) => Task.CompletedTask;

    public void Detached()
    {
    }
}
