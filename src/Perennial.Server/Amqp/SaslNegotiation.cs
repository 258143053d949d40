using Amqp;
using Amqp.Sasl;
using Amqp.Types;

namespace Perennial.Server.Amqp;

/// <summary>The SASL layer of one connection, from its protocol header to its outcome.</summary>
internal sealed class SaslNegotiation(AmqpChannel channel, IReadOnlyList<ISaslMechanism> mechanisms)
{
    /// <returns>Whether the peer may go on.</returns>
    public async ValueTask<bool> RunAsync(AmqpPeer peer, CancellationToken cancellationToken)
    {
        await channel.SendHeaderAsync(ProtocolHeader.Sasl);
        await SendAsync(new SaslMechanisms { SaslServerMechanisms = [.. mechanisms.Select(mechanism => new Symbol(mechanism.Name))] });
        if (await ReceiveAsync<SaslInit>(cancellationToken) is not { } init)
        {
            return false;
        }

        var mechanism = mechanisms.FirstOrDefault(offered => string.Equals(offered.Name, init.Mechanism, StringComparison.Ordinal));
        var code = mechanism is null ? SaslCode.Auth : await mechanism.RunAsync(init, ChallengeAsync, peer);
        await SendAsync(new SaslOutcome { Code = code });
        return code == SaslCode.Ok;

        async ValueTask<byte[]> ChallengeAsync(byte[] challenge)
        {
            await SendAsync(new SaslChallenge { Challenge = challenge });
            return (await ReceiveAsync<SaslResponse>(cancellationToken))?.Response ?? [];
        }
    }

    private ValueTask SendAsync(DescribedList frame) => channel.SendAsync(AmqpFrame.Sasl, 0, frame);

    private async ValueTask<T?> ReceiveAsync<T>(CancellationToken cancellationToken)
        where T : DescribedList
    {
        var frame = await channel.ReceiveAsync(cancellationToken);
        return frame is null ? null
            : frame is { Kind: AmqpFrame.Sasl, Performative: T expected } ? expected
            : throw new AmqpProtocolException(ErrorCode.FramingError, $"The SASL layer waits for {typeof(T).Name}.");
    }
}
