using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Perennial.X509;

namespace Perennial.Agent.Tests.Servers;

/// <summary>The MQTT side of <see cref="LittleCloud"/>: accepts connections.</summary>
internal sealed class LittleHub(LittleCloud service) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<LittleSession> _sessions = [];
    private Task? _accepting;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Start()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        foreach (var session in _sessions)
        {
            session.Dispose();
        }

        await (_accepting ?? Task.CompletedTask);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                _ = ServeAsync(client);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var socket = client;
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = service.Server.WithKey,
                    ClientCertificateRequired = true,
                    AllowTlsResume = false,
                    RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null,
                },
                _stopping.Token);
            var leaf = stream.RemoteCertificate is { } presented && Certificate.TryParse(presented.GetRawCertData(), out var read, out _) ? read : null;
            var session = new LittleSession(service, stream, leaf);
            _sessions.Add(session);
            await session.ServeAsync();
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone.
        }
    }
}
