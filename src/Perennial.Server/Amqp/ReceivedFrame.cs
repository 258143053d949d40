using Amqp.Types;

namespace Perennial.Server.Amqp;

/// <summary>A frame of the peer, decoded.</summary>
/// <param name="Kind"><see cref="AmqpFrame.Performative"/> or <see cref="AmqpFrame.Sasl"/>.</param>
/// <param name="Channel">The peer's channel.</param>
/// <param name="Performative">What it says; null in an empty frame.</param>
/// <param name="Payload">What follows it: the bytes of a message, or a part of them.</param>
internal sealed record ReceivedFrame(byte Kind, ushort Channel, DescribedList? Performative, ReadOnlyMemory<byte> Payload);
