using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Perennial.Authority;
using Perennial.Bench.Exchanges;
using Perennial.Bench.Results;
using Perennial.Bench.Servers;
using Perennial.Protocol;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench;

/// <summary>How long after a block of an issuer the connections by its certificates are gone, as their devices see it, and whether the others stay.</summary>
internal static class BreachBench
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Longer than the bench takes, so that nothing comes over a connection but its end.
    private const ushort KeepAliveSeconds = 1700;

    public static async Task<int> RunAsync(bool isQuick)
    {
        var count = isQuick ? 1000 : 10_000;
        var folder = Directory.CreateTempSubdirectory("perennial-bench-");
        try
        {
            using var issuer = new FleetIssuer(TimeProvider.System);
            await using var perennial = await PerennialServer.StartAsync(Path.Combine(folder.FullName, "instance"));
            var lost = await ConnectAsync(perennial, "lost", issuer.Intermediate, count);
            var kept = await ConnectAsync(perennial, "kept", issuer.NextIntermediate, count / 10);

            var before = perennial.Process.Cpu;
            using var late = new CancellationTokenSource(Patience);
            var watch = ConnectionEnds.WatchAsync([.. lost.Select(link => link.Socket)], late.Token);
            var started = Stopwatch.GetTimestamp();
            await BlockAsync(perennial, issuer.Intermediate);
            var answered = Stopwatch.GetElapsedTime(started);
            var ends = await watch;
            var cpu = perennial.Process.Cpu - before;
            var times = ends.Select(end => Stopwatch.GetElapsedTime(started, end)).Order().ToList();
            var dropped = kept.Count(link => ConnectionEnds.IsOver(link.Socket));
            foreach (var link in lost.Concat(kept))
            {
                await link.DisposeAsync();
                link.Credential.Dispose();
            }

            var p99 = times[(count * 99 / 100) - 1];
            PerformancePage.Report("breach", string.Create(CultureInfo.InvariantCulture, $"""
                - connections by a blocked issuer are gone after: {times[count / 2].TotalMilliseconds:0} ms at the median, {p99.TotalMilliseconds:0} ms at the 99th percentile, {times[^1].TotalMilliseconds:0} ms the last (goal: 2 s at the 99th percentile)
                - connections by another issuer that were dropped: {dropped} of {kept.Count}

                {count} devices below the blocked issuer and {kept.Count} below another, registered, and each connected to the hub by TLS 1.3 with a certificate of its own. Counted from
                before the request that blocks until the end of the connection has come to the device's socket; the request was answered after {answered.TotalMilliseconds:0} ms.
                Until then the server took {cpu.TotalSeconds:0.0} s of processor time, sightings included.
                """), isQuick);
            return dropped == 0 && p99 < TimeSpan.FromSeconds(2) ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<DeviceLink>> ConnectAsync(PerennialServer perennial, string name, CertificateAuthority signer, int count)
    {
        await perennial.Operator.EnrollGroupAsync(name, signer.Own.CertificatePem, CancellationToken.None);
        var devices = Enumerable.Range(1, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}-{i:00000}"))
            .Select(id => new Applicant(id, FleetIssuer.IssueMember(id, signer))).ToList();
        var exchange = new MqttExchange(perennial);
        var connected = new DeviceLink[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = RoundPlan.Together }, async (i, _) =>
        {
            await exchange.RunAsync(devices[i]);
            var links = new HubLinks(perennial.Address, perennial.Summary.Hubs[0].HostName, [devices[i]]) { KeepAliveSeconds = KeepAliveSeconds };
            connected[i] = (await links.OpenAllAsync())[0];
        });
        return connected;
    }

    private static async Task BlockAsync(PerennialServer perennial, CertificateAuthority stolen)
    {
        using var answer = await perennial.Provisioning.SendAsync(
            HttpMethod.Put,
            $"blocks/issuer/{stolen.Certificate.Thumbprint}?{ApiVersion.Parameter}={ApiVersion.Provisioning}",
            JsonSerializer.SerializeToUtf8Bytes(new { reason = "bench" }),
            CancellationToken.None);
        answer.EnsureSuccessStatusCode();
    }
}
