using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using Perennial.Agent.Credentials;

namespace Perennial.Agent.Connections;

/// <summary>TCP and TLS below MQTT: unlike the library's own channel it sends the certificates above the leaf and judges by the trust bundle alone.</summary>
internal sealed class TlsChannel(string host, int port, ClientCredential credential, ServerTrust trust) : IMqttChannel
{
    private Socket? _socket;
    private SslStream? _stream;

    public EndPoint RemoteEndPoint => _socket?.RemoteEndPoint ?? new DnsEndPoint(host, port);

    public EndPoint LocalEndPoint => _socket?.LocalEndPoint ?? new IPEndPoint(IPAddress.Any, 0);

    public bool IsSecureConnection => true;

    public X509Certificate2? ClientCertificate => null;

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var verdict = new ServerVerdict();
        try
        {
            _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await _socket.ConnectAsync(host, port, cancellationToken);
            _stream = new SslStream(new NetworkStream(_socket, ownsSocket: true));
            await _stream.AuthenticateAsClientAsync(trust.OptionsFor(host, credential, verdict), cancellationToken);
        }
        catch (AuthenticationException exception)
        {
            throw new ExchangeException(
                verdict.Failure ?? FailureKind.Unavailable, $"{host}:{port}: {(verdict.Failure is null ? exception.Message : verdict.Reason)}", null, exception);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            throw new ExchangeException(FailureKind.Unavailable, $"{host}:{port}: {exception.Message}", null, exception);
        }
    }

    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        try
        {
            return _stream is { } stream ? await stream.ReadAsync(buffer.AsMemory(offset, count), cancellationToken) : 0;
        }
        catch (Exception exception) when (exception is ObjectDisposedException or IOException)
        {
            return 0;
        }
    }

    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        foreach (var segment in buffer)
        {
            await _stream!.WriteAsync(segment, cancellationToken);
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _socket?.Dispose();
        _stream = null;
    }
}
