using Amqp;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using Perennial.Server.Connections;
using Perennial.Server.Logging;
using Perennial.X509;

namespace Perennial.Server.Amqp;

/// <summary>The AMQP port: from the first protocol header to the end. Devices, back ends and readers of telemetry all come here; where they may go, nodes say.</summary>
/// <param name="mechanisms">The SASL mechanisms offered; a peer may as well come without SASL.</param>
/// <param name="nodes">Makes the nodes of a connection.</param>
/// <param name="refusals">Counts what is refused.</param>
/// <param name="logger">Where failures go.</param>
/// <param name="time">The clock.</param>
internal sealed partial class AmqpConnectionHandler(
    IReadOnlyList<ISaslMechanism> mechanisms, AmqpNodes nodes, RefusalLedger refusals, ILogger<AmqpConnectionHandler> logger, TimeProvider time)
{
    /// <summary>The mechanisms that every peer may choose.</summary>
    public static IReadOnlyList<ISaslMechanism> UsualMechanisms { get; } =
        [new PlainMechanism(), new OpenMechanism("EXTERNAL"), new OpenMechanism("MSSBCBS"), new OpenMechanism("ANONYMOUS")];

    /// <summary>One connection, after its TLS handshake, until it ends.</summary>
    public async Task OnConnectedAsync(ConnectionContext connection)
    {
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        var channel = new AmqpChannel(connection.Transport, time, () => connection.Abort());
        var presented = connection.Features.Get<PresentedCertificates>() ?? new PresentedCertificates();
        var peer = new AmqpPeer(presented, connection.Features.Get<ITlsHandshakeFeature>()?.HostName);
        try
        {
            await ServeAsync(channel, peer, stopping);
        }
        catch (AmqpProtocolException exception)
        {
            refusals.Note(new Refusal(ConnectionRefusals.AmqpBroken, exception.Message), "a connection");
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Draining, or the peer went away while it was being answered.
        }
        catch (Exception exception)
        {
            LogFailed(exception);
            channel.Abort();
        }
    }

    /// <summary>Serves a connection to its end.</summary>
    /// <exception cref="AmqpProtocolException">The peer broke the protocol.</exception>
    public async Task ServeAsync(AmqpChannel channel, AmqpPeer peer, CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(AmqpBounds.OpenTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
        ReceivedFrame? open;
        try
        {
            open = await NegotiateAsync(channel, peer, either.Token) ? await channel.ReceiveAsync(either.Token) : null;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            refusals.Note(
                new Refusal(ConnectionRefusals.AmqpTooLate, $"No open came in {AmqpBounds.OpenTime.TotalSeconds} s."), "a connection");
            channel.Abort();
            return;
        }

        if (open is not null)
        {
            await new AmqpConnection(channel, peer, nodes(peer), LogFailed, time).RunAsync(open, stopping);
        }
    }

    /// <summary>The layers below AMQP: SASL when the peer wants it (dps-protocol §3.1, hub-protocol §3.1).</summary>
    /// <returns>Whether frames follow.</returns>
    private async ValueTask<bool> NegotiateAsync(AmqpChannel channel, AmqpPeer peer, CancellationToken cancellationToken)
    {
        var header = await channel.ReceiveHeaderAsync(cancellationToken);
        if (header.AsSpan().SequenceEqual(ProtocolHeader.Sasl.Span))
        {
            if (!await new SaslNegotiation(channel, mechanisms).RunAsync(peer, cancellationToken))
            {
                return false;
            }

            header = await channel.ReceiveHeaderAsync(cancellationToken);
        }

        if (header is null)
        {
            return false;
        }

        // What this server speaks is its answer to a peer that speaks anything else (AMQP 1.0 §2.2).
        await channel.SendHeaderAsync(ProtocolHeader.Amqp);
        return header.AsSpan().SequenceEqual(ProtocolHeader.Amqp.Span)
            ? true
            : throw new AmqpProtocolException(ErrorCode.NotImplemented, $"The protocol header is {Convert.ToHexString(header)}.");
    }

    [LoggerMessage(LogIds.AmqpFailed, LogLevel.Error, "A link or an AMQP connection failed here")]
    private partial void LogFailed(Exception exception);
}
