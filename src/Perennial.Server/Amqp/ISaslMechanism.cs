using Amqp.Sasl;

namespace Perennial.Server.Amqp;

/// <summary>One SASL mechanism that this server offers (AMQP 1.0 §5.3).</summary>
internal interface ISaslMechanism
{
    string Name { get; }

    /// <summary>Runs the exchange that <paramref name="init"/> began, and notes on the peer what it learnt.</summary>
    /// <param name="init">The peer's choice with its first response.</param>
    /// <param name="challenge">Sends a challenge and waits for the response to it.</param>
    /// <param name="peer">The other end.</param>
    /// <returns>What the peer is told.</returns>
    ValueTask<SaslCode> RunAsync(SaslInit init, Func<byte[], ValueTask<byte[]>> challenge, AmqpPeer peer);
}
