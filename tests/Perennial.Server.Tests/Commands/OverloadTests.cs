using System.Net;
using System.Net.Sockets;
using Perennial.Server.Tests.Tls;

namespace Perennial.Server.Tests.Commands;

public sealed class OverloadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("perennial-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task More_connections_than_open_files_do_not_end_the_process_and_it_recovers()
    {
        const int OpenFiles = 400;
        var token = TestContext.Current.CancellationToken;
        await using var server = ServerProcess.Start(
            OpenFiles, "serve", "--data", _folder, "--host", "localhost", "--bind", "127.0.0.1", "--mqtt-port", "0", "--amqp-port", "0", "--https-port", "0", "--portal-port", "0");
        await server.WaitUntilReadyAsync();
        var info = await ServerProcess.DescribeAsync(_folder);
        var port = info.GetProperty("ports").GetProperty("mqtt").GetInt32();

        for (var round = 0; round < 3; round++)
        {
            var crowd = Enumerable.Range(0, OpenFiles * 2).Select(_ => new TcpClient()).ToList();
            await Task.WhenAll(crowd.Select(client => client.ConnectAsync(IPAddress.Loopback, port, token).AsTask()));
            await WaitForTurnedAwayAsync(crowd, token);
            Assert.False(server.HasExited, "The process ended.");
            crowd.ForEach(client => client.Dispose());
        }

        await using var device = await ConnectAgainAsync(port);
        var (topic, _) = await device.RegisterAsync(info.GetProperty("idScope").GetString()!, "someone");
        Assert.StartsWith("$dps/registrations/res/401/", topic, StringComparison.Ordinal);
        Assert.Equal(0, (await server.TerminateAsync()).ExitCode);
    }

    // What is over the budget is closed at once: its read ends.
    private static async Task WaitForTurnedAwayAsync(List<TcpClient> crowd, CancellationToken token)
    {
        var ends = crowd.Select(client => EndAsync(client, token)).ToList();
        for (var i = 0; i < crowd.Count / 2; i++)
        {
            ends.Remove(await Task.WhenAny(ends).WaitAsync(TimeSpan.FromSeconds(20), token));
        }
    }

    private static async Task EndAsync(TcpClient client, CancellationToken token)
    {
        try
        {
            _ = await client.Client.ReceiveAsync(new byte[1], token);
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
        {
            // A reset is an end as well.
        }
    }

    // The places of the crowd are given back as its sockets are seen to be closed.
    private async Task<TlsClient> ConnectAgainAsync(int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await TlsClient.ConnectAsync(Path.Combine(_folder, "trust-bundle.pem"), port, leaf: null);
            }
            catch (IOException) when (attempt < 200)
            {
                await Task.Yield();
            }
        }
    }
}
