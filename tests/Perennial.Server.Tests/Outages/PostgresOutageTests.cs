using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Protocol;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;
using Perennial.TestPostgres;

namespace Perennial.Server.Tests.Outages;

/// <summary>Devices over TLS on a server whose PostgreSQL goes away and comes back.</summary>
public sealed class PostgresOutageTests : IAsyncLifetime
{
    private const int Devices = 3;

    private static readonly TimeSpan LongestHeal = TimeSpan.FromSeconds(3);

    /// <summary>How long the database hangs at least; the command of the crash tests makes it 30 s.</summary>
    private static readonly TimeSpan HangLasts = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("PERENNIAL_HANG_SECONDS") ?? "0", System.Globalization.CultureInfo.InvariantCulture));

    private readonly TestCertificate[] _leaves = [.. Enumerable.Range(0, Devices).Select(i => TestAuthority.CreateSelfSignedLeaf($"dev{i}"))];
    private PostgresCluster? _cluster;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private PostgresCluster Cluster => _cluster!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await PostgresCluster.StartAsync(isDurable: true);
        await _cluster.QueryAsync("postgres", "CREATE DATABASE fleet");
    }

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_crash_and_restart_passes_unnoticed() => await SurviveAsync(async (_, _) => await Cluster.RestartAsync("immediate"));

    [Fact]
    public async Task A_database_that_hangs_is_told_to_callers_while_devices_stay_connected() => await SurviveAsync(async (server, client) =>
    {
        await Cluster.FreezeAsync();
        var hanging = Stopwatch.StartNew();
        do
        {
            await SeeRefusalsAsync(server, client);
        }
        while (hanging.Elapsed < HangLasts);

        await Cluster.ThawAsync();
    });

    [Fact]
    public async Task A_database_that_refuses_is_told_to_callers_while_devices_stay_connected() => await SurviveAsync(async (server, client) =>
    {
        await Cluster.StopAsync("fast");
        await SeeRefusalsAsync(server, client);
        await Cluster.StartAsync();
    });

    private async Task SurviveAsync(Func<ServedInstance, HttpClient, Task> outage)
    {
        await using var server = ServedInstance.Open(TimeProvider.System, database: Cluster.ConnectionString("fleet"));
        for (var i = 0; i < Devices; i++)
        {
            await server.EnrollAsync($"dev{i}", _leaves[i]);
        }

        await server.StartAsync();
        using var client = Client(server, _leaves[0]);
        var devices = await Task.WhenAll(Enumerable.Range(0, Devices).Select(i => PublishingDevice.ConnectAsync(DeviceEndpoint.Of(server.Instance), $"dev{i}", _leaves[i])));
        await Task.WhenAll(devices.Select(device => device.WaitForAsync(20)));

        await outage(server, client);

        var back = Stopwatch.StartNew();
        await Task.WhenAll(devices.Select(device => device.WaitForAsync(10)));
        Assert.InRange(back.Elapsed, TimeSpan.Zero, LongestHeal);
        using var healed = await RegisterAsync(server, client);
        Assert.Equal(HttpStatusCode.Accepted, healed.StatusCode);
        Assert.InRange(back.Elapsed, TimeSpan.Zero, LongestHeal);
        await Task.WhenAll(devices.Select(device => device.WaitForAsync(20)));
        foreach (var device in devices)
        {
            await device.DisposeAsync();
            await ExpectEverythingAsync(device);
        }
    }

    private async Task SeeRefusalsAsync(ServedInstance server, HttpClient client)
    {
        using var refused = await RegisterAsync(server, client);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), refused.Headers.RetryAfter?.Delta);
        Assert.Contains("503001", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedServerUnavailable, await PublishingDevice.TryAsync(DeviceEndpoint.Of(server.Instance), "dev0", _leaves[0]));
        using var ready = await client.GetAsync(new Uri($"http://localhost:{server.Ports.Portal}/healthz/ready"), Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
    }

    // Nothing acknowledged is lost, and what a device said first stands first.
    private async Task ExpectEverythingAsync(PublishingDevice device)
    {
        var rows = await Cluster.QueryAsync(
            "fleet", $"SELECT convert_from(body, 'UTF8') FROM telemetry WHERE device = '{device.Id}' ORDER BY place");
        var stored = rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => int.Parse(row, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Empty(device.Acknowledged.Except(stored));
        Assert.Equal(stored.Distinct().Order(), stored.Distinct());
    }

    private static Task<HttpResponseMessage> RegisterAsync(ServedInstance server, HttpClient client) => client.PutAsync(
        new Uri($"https://localhost:{server.Ports.Https}/{server.Instance.Document.IdScope}/registrations/dev0/register?api-version=2019-03-31"),
        new StringContent("{}", System.Text.Encoding.UTF8, "application/json"),
        Stop);

    private static HttpClient Client(ServedInstance server, TestCertificate leaf) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(server.Instance.TrustBundle) },
            },
            ClientCertificateContext = SslStreamCertificateContext.Create(leaf.WithKey, [], offline: true),
        },
    });
}
