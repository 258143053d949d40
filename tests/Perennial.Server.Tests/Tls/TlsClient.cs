using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Server.Mqtt;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Tls;

/// <summary>A device's end of a TLS connection that trusts one root.</summary>
internal sealed class TlsClient : IAsyncDisposable
{
    private readonly TcpClient _socket;
    private readonly Pipes _pipes;

    private TlsClient(TcpClient socket, SslStream stream)
    {
        _socket = socket;
        Stream = stream;
        _pipes = new Pipes(PipeReader.Create(stream), PipeWriter.Create(stream));
        Channel = new MqttChannel(_pipes, MqttEnd.Client, TimeProvider.System, socket.Close);
    }

    public SslStream Stream { get; }

    public MqttChannel Channel { get; }

    /// <param name="trustBundle">The PEM file of the root to trust.</param>
    /// <param name="port">Of the loopback.</param>
    /// <param name="leaf">The client certificate, or null for none.</param>
    /// <param name="protocols">The TLS version.</param>
    /// <param name="others">Certificates sent along.</param>
    public static async Task<TlsClient> ConnectAsync(
        string trustBundle, int port, TestCertificate? leaf, SslProtocols protocols = SslProtocols.None, params IReadOnlyList<TestCertificate> others)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = protocols,
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(trustBundle) },
                },
                ClientCertificateContext = leaf is null ? null : SslStreamCertificateContext.Create(
                    leaf.WithKey, [.. others.Select(other => X509CertificateLoader.LoadCertificate(other.Der.Span))], offline: true),
            },
            TestContext.Current.CancellationToken);
        return new TlsClient(socket, stream);
    }

    /// <summary>Connects to the provisioning service and registers.</summary>
    /// <returns>The topic and body of the reply.</returns>
    public Task<(string Topic, string Body)> RegisterAsync(string idScope, string registrationId, string request = "") =>
        RegisterAsync(Channel, idScope, registrationId, request);

    /// <summary>Announces a device to the provisioning service on a fresh channel, and registers.</summary>
    public static async Task<(string Topic, string Body)> RegisterAsync(MqttChannel channel, string idScope, string registrationId, string request = "")
    {
        var token = TestContext.Current.CancellationToken;
        var connect = new MqttConnectPacket
        {
            ClientId = registrationId,
            Username = $"{idScope}/registrations/{registrationId}/api-version=2019-03-31",
            KeepAlivePeriod = 60,
        };
        await channel.SendAsync(connect, token);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, Assert.IsType<MqttConnAckPacket>(await channel.ReceiveAsync(token)).ReturnCode);
        var filter = new MqttTopicFilter { Topic = "$dps/registrations/res/#" };
        await channel.SendAsync(new MqttSubscribePacket { PacketIdentifier = 1, TopicFilters = [filter] }, token);
        Assert.IsType<MqttSubAckPacket>(await channel.ReceiveAsync(token));
        await channel.SendAsync(new MqttPublishPacket { Topic = "$dps/registrations/PUT/iotdps-register/?$rid=1", PayloadSegment = System.Text.Encoding.UTF8.GetBytes(request) }, token);
        var reply = Assert.IsType<MqttPublishPacket>(await channel.ReceiveAsync(token));
        return (reply.Topic, System.Text.Encoding.UTF8.GetString(reply.Payload.ToArray()));
    }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        _socket.Dispose();
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
