using Amqp.Sasl;

namespace Perennial.Server.Amqp;

/// <summary>PLAIN (RFC 4616): a name and a token, judged at the first attach or message that needs them. The authorization identity counts for nothing.</summary>
internal sealed class PlainMechanism : ISaslMechanism
{
    public string Name => "PLAIN";

    public ValueTask<SaslCode> RunAsync(SaslInit init, Func<byte[], ValueTask<byte[]>> challenge, AmqpPeer peer)
    {
        var parts = Encoding.UTF8.GetString(init.InitialResponse ?? []).Split('\0');
        if (parts is not [_, { Length: > 0 } name, { Length: > 0 } password])
        {
            return new ValueTask<SaslCode>(SaslCode.Auth);
        }

        peer.Plain = new PlainCredentials(name, password);
        return new ValueTask<SaslCode>(SaslCode.Ok);
    }
}
