namespace Perennial.Server.Amqp;

/// <summary>
/// A place that links attach to, for instance a device's twin, as one connection sees it: each connection gets nodes of its own
/// (<see cref="AmqpNodes"/>), so a node may hold what belongs to the connection. Its members are called by the connection's reader, one
/// call at a time.
/// </summary>
internal interface IAmqpNode
{
    /// <summary>Answers an attach whose address may be one of this node's.</summary>
    /// <returns>The end of the link here or a refusal; null when the address is none of this node's, so that the next node is asked.</returns>
    ValueTask<AttachAnswer?> AttachAsync(AttachRequest request, CancellationToken cancellationToken);
}
