using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using Perennial.Server.Mqtt;
using Perennial.Server.Tests.Instances;
using Perennial.Server.Tests.Tls;
using Perennial.Server.WebSockets;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.WebSockets;

/// <summary>A device's end of a WebSocket, upgraded by hand so that every header and frame is the test's own.</summary>
internal sealed class SocketClient : IAsyncDisposable
{
    private readonly TlsClient _tls;

    private SocketClient(TlsClient tls, string answer)
    {
        _tls = tls;
        Answer = answer;
        Socket = WebSocket.CreateFromStream(tls.Stream, new WebSocketCreationOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
    }

    /// <summary>The server's answer to the upgrade: status line and headers.</summary>
    public string Answer { get; }

    public WebSocket Socket { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<SocketClient> OpenAsync(
        ServedInstance instance, TestCertificate? leaf, string protocol = "mqtt", string path = "/$iothub/websocket", string more = "")
    {
        var tls = await TlsClient.ConnectAsync(instance.Instance.TrustBundle, instance.Ports.Https, leaf);
        var request = $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: {protocol}\r\n{more}\r\n";
        await tls.Stream.WriteAsync(Encoding.ASCII.GetBytes(request), Stop);
        return new SocketClient(tls, await ReadHeadAsync(tls.Stream));
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type = WebSocketMessageType.Binary) =>
        await Socket.SendAsync(bytes, type, endOfMessage: true, Stop);

    /// <summary>So many bytes from the server, over as many messages as it takes; fewer when it closed.</summary>
    public async Task<byte[]> ReceiveAsync(int count)
    {
        var bytes = new byte[count];
        var filled = 0;
        while (filled < count)
        {
            var received = await Socket.ReceiveAsync(bytes.AsMemory(filled), Stop);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                break;
            }

            filled += received.Count;
        }

        return bytes[..filled];
    }

    /// <summary>Connects to the provisioning service and registers.</summary>
    /// <returns>The topic and body of the reply.</returns>
    public Task<(string Topic, string Body)> RegisterAsync(string idScope, string registrationId)
    {
        var stream = new WebSocketBytes(Socket);
        var pipes = new Pipes(PipeReader.Create(stream), PipeWriter.Create(stream));
        return TlsClient.RegisterAsync(new MqttChannel(pipes, MqttEnd.Client, TimeProvider.System, Socket.Abort), idScope, registrationId);
    }

    public async ValueTask DisposeAsync()
    {
        Socket.Dispose();
        await _tls.DisposeAsync();
    }

    private static async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, Stop) > 0)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
