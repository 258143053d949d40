namespace Perennial.Server.Amqp;

/// <summary>Makes the nodes of one new connection, in the order in which they are asked.</summary>
internal delegate IReadOnlyList<IAmqpNode> AmqpNodes(AmqpPeer peer);
