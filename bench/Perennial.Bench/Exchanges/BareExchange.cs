using Perennial.Bench.Servers;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench.Exchanges;

/// <summary>A handshake, one byte there, one byte back.</summary>
internal sealed class BareExchange(ServerAddress server)
{
    public async Task RunAsync(Applicant applicant)
    {
        await using var tls = await TlsConnection.OpenAsync(server.Mqtt, server.Tls(BareServer.Host, applicant.Credential));
        await tls.WriteAsync("?"u8.ToArray());
        if (await tls.ReadAsync(new byte[1]) != 1)
        {
            throw new IOException("The bare server refused the certificate.");
        }

        await tls.ShutdownAsync();
    }
}
