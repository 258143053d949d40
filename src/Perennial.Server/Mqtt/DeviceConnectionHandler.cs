using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Connections;
using Perennial.Server.Logging;
using Perennial.X509;

namespace Perennial.Server.Mqtt;

/// <summary>The MQTT port: waits for CONNECT, and hands the connection to the session that its user name asks for.</summary>
internal sealed partial class DeviceConnectionHandler(
    IDeviceSession provisioning, IDeviceSession hubs, RefusalLedger refusals, ILogger<DeviceConnectionHandler> logger, TimeProvider time)
{
    /// <summary>How long after the handshake CONNECT may come.</summary>
    public static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);

    /// <summary>One connection, after its TLS handshake, until it ends.</summary>
    public async Task OnConnectedAsync(ConnectionContext connection)
    {
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        var channel = new MqttChannel(connection.Transport, MqttEnd.Server, time, () => connection.Abort());
        var presented = connection.Features.Get<PresentedCertificates>() ?? new PresentedCertificates();
        var serverName = connection.Features.Get<ITlsHandshakeFeature>()?.HostName;
        try
        {
            await ServeAsync(channel, presented, serverName, stopping);
        }
        catch (MqttProtocolException exception)
        {
            refusals.Note(new Refusal(ConnectionRefusals.ProtocolBroken, exception.Message), "a connection");
            channel.Abort();
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

    /// <summary>Receives CONNECT within its time and runs the session it asks for.</summary>
    public async Task ServeAsync(MqttChannel channel, PresentedCertificates presented, string? serverName, CancellationToken stopping)
    {
        if (await ReceiveConnectAsync(channel, stopping) is not { } connect)
        {
            return;
        }

        if (connect.ClientId.Length == 0)
        {
            await channel.SendAsync(Answer(MqttConnectReturnCode.ConnectionRefusedIdentifierRejected), stopping);
            return;
        }

        var session = ProvisioningUserName.LooksLikeOne(connect.Username) ? provisioning : hubs;
        await session.RunAsync(new DeviceConnection(channel, connect, presented, serverName), stopping);
    }

    /// <summary>A CONNACK without a session, which is what there always is (dps-protocol §1.1).</summary>
    public static MqttConnAckPacket Answer(MqttConnectReturnCode code) => new() { ReturnCode = code, IsSessionPresent = false };

    private async Task<MqttConnectPacket?> ReceiveConnectAsync(MqttChannel channel, CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(ConnectTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
        try
        {
            return (MqttConnectPacket?)await channel.ReceiveAsync(either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            refusals.Note(new Refusal(ConnectionRefusals.ConnectTooLate, $"No CONNECT came in {ConnectTime.TotalSeconds} s."), "a connection");
            channel.Abort();
            return null;
        }
        catch (MqttProtocolException exception) when (exception.IsUnknownProtocolLevel)
        {
            await channel.SendAsync(Answer(MqttConnectReturnCode.ConnectionRefusedUnacceptableProtocolVersion), stopping);
            return null;
        }
    }

    [LoggerMessage(LogIds.ConnectionFailed, LogLevel.Error, "A connection failed here")]
    private partial void LogFailed(Exception exception);
}
