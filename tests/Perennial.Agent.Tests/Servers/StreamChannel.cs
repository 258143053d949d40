using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;

namespace Perennial.Agent.Tests.Servers;

/// <summary>Lets MQTTnet's codec read and write a stream.</summary>
internal sealed class StreamChannel(Stream stream) : IMqttChannel
{
    public EndPoint RemoteEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 0);

    public EndPoint LocalEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 0);

    public bool IsSecureConnection => true;

    public X509Certificate2? ClientCertificate => null;

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DisconnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        await stream.ReadAsync(buffer.AsMemory(offset, count), cancellationToken);

    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(buffer.ToArray(), cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    public void Dispose()
    {
    }
}
