using System.Net.Security;
using System.Net.Sockets;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Server.Mqtt;

namespace Perennial.Server.Sandbox.Fleet;

/// <summary>One TLS connection of a device that speaks MQTT 3.1.1.</summary>
internal sealed class DeviceLink : IAsyncDisposable
{
    private const ushort KeepAliveSeconds = 60;

    /// <summary>What opening a connection, or one answer, may take before the device gives up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly SslStream _tls;
    private readonly MqttChannel _channel;

    private DeviceLink(Socket socket, SslStream tls, DeviceCredential credential, TimeProvider time)
    {
        _socket = socket;
        _tls = tls;
        Credential = credential;
        _channel = new MqttChannel(new DuplexStream(tls), MqttEnd.Client, time, socket.Dispose);
    }

    /// <summary>What the device showed in the handshake.</summary>
    public DeviceCredential Credential { get; }

    /// <summary>The connection below TLS, for whoever looks only whether it lives.</summary>
    public Socket Socket => _socket;

    /// <summary>Connects and shakes hands.</summary>
    public static async Task<DeviceLink> OpenAsync(
        ServerAddress server, string host, DeviceCredential credential, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new Socket(server.Mqtt.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? tls = null;
        try
        {
            await socket.ConnectAsync(server.Mqtt, cancellationToken);
            tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await tls.AuthenticateAsClientAsync(server.Tls(host, credential), cancellationToken);
            return new DeviceLink(socket, tls, credential, time);
        }
        catch
        {
            await (tls?.DisposeAsync() ?? ValueTask.CompletedTask);
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends CONNECT without a password, as a device with a certificate does; null when the server ends the connection instead of answering.</summary>
    public async Task<MqttConnectReturnCode?> ConnectAsync(
        string clientId, string userName, bool cleanSession, CancellationToken cancellationToken, ushort keepAliveSeconds = KeepAliveSeconds)
    {
        var connect = new MqttConnectPacket
        {
            ClientId = clientId,
            Username = userName,
            CleanSession = cleanSession,
            KeepAlivePeriod = keepAliveSeconds,
        };
        await _channel.SendAsync(connect, cancellationToken);
        return await _channel.ReceiveAsync(cancellationToken) is MqttConnAckPacket answer ? answer.ReturnCode : null;
    }

    public ValueTask SendAsync(MqttPacket packet, CancellationToken cancellationToken) => _channel.SendAsync(packet, cancellationToken);

    /// <summary>The next packet; null when the connection has ended.</summary>
    public ValueTask<MqttPacket?> ReceiveAsync(CancellationToken cancellationToken) => _channel.ReceiveAsync(cancellationToken);

    /// <summary>Says goodbye and ends the connection; a pending receive returns null.</summary>
    public async Task DisconnectAsync()
    {
        try
        {
            await _channel.SendAsync(new MqttDisconnectPacket(), CancellationToken.None);
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The other end was faster.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _tls.DisposeAsync();
        _socket.Dispose();
    }
}
