using Amqp.Framing;

namespace Perennial.Server.Amqp;

/// <summary>The end here of a link on which the peer sends.</summary>
internal interface IIncomingEndpoint
{
    /// <summary>
    /// Takes a message. Called in the order of arrival, one call at a time, and returns soon: the next message comes while the task still
    /// runs. The task never waits for the peer.
    /// </summary>
    /// <returns>The outcome that settles the delivery: <see cref="Accepted"/>, <see cref="Rejected"/> or <see cref="Released"/>.</returns>
    Task<Outcome> TakeAsync(IncomingMessage message);

    /// <summary>The link is gone, whatever ended it. Called once.</summary>
    void Detached();
}
