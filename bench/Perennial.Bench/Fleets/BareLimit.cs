using Perennial.Bench.Exchanges;
using Perennial.Bench.Servers;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench.Fleets;

/// <summary>How many handshakes with a client certificate this machine bears in a second, both ends on it, with nothing behind them but an answer of four bytes.</summary>
internal static class BareLimit
{
    private const int WarmUp = 500;
    private const int Counted = 2000;

    public static async Task<double> MeasureAsync(TimeProvider time)
    {
        var folder = Directory.CreateTempSubdirectory("perennial-bench-");
        try
        {
            using var issuer = new FleetIssuer(time);
            var (server, address) = await BareServer.StartAsync(folder, issuer.RootPem);
            await using var process = server;
            var devices = SimulatedFleet.Names(WarmUp).Select(id => new Applicant(id, FleetIssuer.IssueMember(id, issuer.Intermediate))).ToList();
            await using var links = new HubLinks(address, BareServer.Host, devices);
            await (await links.PrepareConnectsAsync(WarmUp))();
            var connect = await links.PrepareConnectsAsync(Counted);
            var since = time.GetTimestamp();
            await connect();
            var took = time.GetElapsedTime(since);
            devices.ForEach(device => device.Credential.Dispose());
            return Counted / took.TotalSeconds;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
