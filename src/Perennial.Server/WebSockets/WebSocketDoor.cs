using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Perennial.Server.WebSockets;

/// <summary>
/// WebSockets on the HTTPS port, at the two paths that device clients open (dps-protocol §1.1, hub-protocol §0.1). The sub-protocol
/// alone says what is spoken; it is matched without case and answered in the client's spelling. HTTP/1.1 only, no extension is taken.
/// </summary>
/// <param name="protocols">What serves each sub-protocol; it is handed a connection as if it had come to a port of its own.</param>
/// <param name="time">Bounds the farewell.</param>
internal sealed class WebSocketDoor(IReadOnlyDictionary<string, ConnectionDelegate> protocols, TimeProvider time)
{
    private readonly Dictionary<string, ConnectionDelegate> _protocols = new(protocols, StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes the upgrades; every other request goes on.</summary>
    public void Use(WebApplication app)
    {
        // Silence is judged by the protocol within, as on its own port.
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        app.Use((context, next) => IsUpgrade(context) ? OpenAsync(context) : next(context));
    }

    private static bool IsUpgrade(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest
        && HttpProtocol.IsHttp11(context.Request.Protocol)
        && context.Request.Path.Value is { } path
        && (path == "/" || path.Equals("/$iothub/websocket", StringComparison.OrdinalIgnoreCase));

    private async Task OpenAsync(HttpContext context)
    {
        var spelling = context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(_protocols.ContainsKey);
        if (spelling is null)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(spelling);
        var connection = new WebSocketConnection(context, socket);
        await _protocols[spelling](connection);
        await connection.CloseAsync(time);
    }
}
