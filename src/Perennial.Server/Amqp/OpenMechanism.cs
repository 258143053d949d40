using Amqp.Sasl;

namespace Perennial.Server.Amqp;

/// <summary>A mechanism that proves nothing and takes everybody; who the peer is, TLS or <c>$cbs</c> tells.</summary>
internal sealed class OpenMechanism(string name) : ISaslMechanism
{
    public string Name { get; } = name;

    public ValueTask<SaslCode> RunAsync(SaslInit init, Func<byte[], ValueTask<byte[]>> challenge, AmqpPeer peer) => new(SaslCode.Ok);
}
