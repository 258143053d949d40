using System.Net;
using System.Security.Cryptography.X509Certificates;
using Perennial.Server.Instances;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Operator;

namespace Perennial.Bench.Servers;

/// <summary><c>perennial serve</c> on a throw-away folder and free ports.</summary>
internal sealed class PerennialServer : IAsyncDisposable
{
    private readonly OperatorClient _client;

    private PerennialServer(string folder, ChildServer process, InstanceSummary summary)
    {
        Folder = folder;
        Process = process;
        Summary = summary;
        var root = X509CertificateLoader.LoadCertificateFromFile(summary.TrustBundle);
        Address = new ServerAddress(IPAddress.Loopback, summary.Ports.Mqtt, summary.Ports.Https, root);
        _client = new OperatorClient(Address, summary.ProvisioningConnectionString, TimeProvider.System);
        Operator = new FleetOperator(_client);
    }

    /// <summary>The data folder of the instance.</summary>
    public string Folder { get; }

    public ChildServer Process { get; private set; }

    public InstanceSummary Summary { get; }

    public ServerAddress Address { get; }

    public FleetOperator Operator { get; }

    /// <summary>From the start of the process to the line that says it is ready.</summary>
    public required TimeSpan StartUp { get; init; }

    /// <summary>A client of the service API of provisioning.</summary>
    public OperatorClient Provisioning => _client;

    public static async Task<PerennialServer> StartAsync(string folder, string host = "provisioning.localhost")
    {
        var started = TimeProvider.System.GetTimestamp();
        var (process, _) = await ChildServer.StartAsync(
            "perennial.dll", "Ready", "serve", "--data", folder, "--host", host, "--bind", "127.0.0.1", "--mqtt-port", "0", "--amqp-port", "0", "--https-port", "0", "--portal-port", "0");
        var startUp = TimeProvider.System.GetElapsedTime(started);
        using var instance = Instance.Read(folder);
        return new PerennialServer(folder, process, instance.Summarise()) { StartUp = startUp };
    }

    /// <summary>Ends the process as <c>kill -9</c> does and starts another on the same folder and ports; returns once that is ready.</summary>
    public async Task CrashAsync()
    {
        await Process.DisposeAsync();
        (Process, _) = await ChildServer.StartAsync("perennial.dll", "Ready", "serve", "--data", Folder);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return Process.DisposeAsync();
    }
}
