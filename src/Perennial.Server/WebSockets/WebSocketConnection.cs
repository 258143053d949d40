using System.IO.Pipelines;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Perennial.Server.WebSockets;

/// <summary>A WebSocket as a connection of bytes, with the features of the TLS connection below it.</summary>
internal sealed class WebSocketConnection : ConnectionContext
{
    /// <summary>How long the peer's half of the closing handshake is waited for.</summary>
    public static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    private readonly HttpContext _context;
    private readonly WebSocket _socket;

    public WebSocketConnection(HttpContext context, WebSocket socket)
    {
        _context = context;
        _socket = socket;
        ConnectionId = context.Connection.Id;
        ConnectionClosed = context.RequestAborted;
        var stream = new WebSocketBytes(socket);
        Transport = new BytePipe(
            PipeReader.Create(stream, new StreamPipeReaderOptions(useZeroByteReads: true)),
            PipeWriter.Create(stream));
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features => _context.Features;

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public override void Abort(ConnectionAbortedException abortReason) => _context.Abort();

    /// <summary>Sends what is left and closes; a peer that does not close in its turn is dropped.</summary>
    public async Task CloseAsync(TimeProvider time)
    {
        using var limit = new CancellationTokenSource(FarewellTime, time);
        try
        {
            await Transport.Output.CompleteAsync();
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            Abort();
        }
    }

    private sealed record BytePipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
