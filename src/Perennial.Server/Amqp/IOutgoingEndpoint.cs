using Amqp.Framing;

namespace Perennial.Server.Amqp;

/// <summary>The end here of a link on which the peer receives.</summary>
internal interface IOutgoingEndpoint
{
    /// <summary>The link is attached; it has no credit yet. Called once, before anything else.</summary>
    void Attached(OutgoingLink link);

    /// <summary>The link may send, or may send more, than before. Returns soon.</summary>
    void CreditGranted();

    /// <summary>The peer says what became of a delivery that was sent unsettled. Called one at a time; returns soon.</summary>
    /// <param name="tag">The delivery's tag.</param>
    /// <param name="state">The outcome: accepted, rejected, released or modified; null when the peer settles without a word.</param>
    /// <returns>Ends when the outcome is kept; the peer is told so then. An <see cref="AmqpProtocolException"/> is told as its condition.</returns>
    Task SettledAsync(byte[] tag, DeliveryState? state);

    /// <summary>The link is gone, whatever ended it; what is unsettled stays so. Called once.</summary>
    void Detached();
}
