using System.Net.WebSockets;

namespace Perennial.Server.WebSockets;

/// <summary>The bytes of a WebSocket's binary messages; where a message ends means nothing (MQTT 3.1.1 §6).</summary>
internal sealed class WebSocketBytes(WebSocket socket) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what has come; 0 once the peer has closed. With an empty buffer it waits until something has come.</summary>
    /// <exception cref="IOException">The connection broke, or the peer sent text, which no protocol here is made of.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
        {
            var received = await ReceiveAsync(buffer, cancellationToken);
            if (received.MessageType == WebSocketMessageType.Text)
            {
                throw new IOException("The peer sent a message of text.");
            }

            if (received.Count > 0 || buffer.IsEmpty)
            {
                return received.Count;
            }
        }

        return 0;
    }

    /// <summary>Sends one binary message.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await socket.SendAsync(buffer, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            throw new IOException("The connection has ended.", exception);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            throw new IOException("The connection has ended.", exception);
        }
    }

    private static bool IsGone(Exception exception) =>
        exception is WebSocketException or ObjectDisposedException or InvalidOperationException;
}
