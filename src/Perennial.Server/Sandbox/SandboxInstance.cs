using System.Net;
using System.Security.Cryptography.X509Certificates;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Server.Sandbox;

/// <summary>A real instance on loopback in a throw-away folder, on ports that were free; disposing ends it and deletes the folder.</summary>
internal sealed class SandboxInstance : IAsyncDisposable
{
    private const string Host = "provisioning.localhost";
    private const string HubHost = "hub.localhost";
    private const string HubName = "hub";

    private readonly DirectoryInfo _folder;
    private readonly Instance _instance;
    private readonly StreamWriter _log;
    private readonly X509Certificate2 _root;
    private readonly RunningServer _server;

    private SandboxInstance(DirectoryInfo folder, Instance instance, StreamWriter log, RunningServer server)
    {
        _folder = folder;
        _instance = instance;
        _log = log;
        _server = server;
        Summary = instance.Summarise();
        _root = X509CertificateLoader.LoadCertificateFromFile(Summary.TrustBundle);
        Address = new ServerAddress(IPAddress.Loopback, Summary.Ports.Mqtt, Summary.Ports.Https, _root);
    }

    public string Folder => _folder.FullName;

    public InstanceSummary Summary { get; }

    public ServerAddress Address { get; }

    /// <summary>Signs in to the portal without a password; it works once.</summary>
    public required Uri PortalEntry { get; init; }

    /// <summary>The server's log so far.</summary>
    public async Task<IReadOnlyList<string>> ReadLogAsync(CancellationToken cancellationToken)
    {
        await _log.FlushAsync(cancellationToken);
        return await File.ReadAllLinesAsync(LogIn(_folder), cancellationToken);
    }

    public static async Task<SandboxInstance> StartAsync(bool azureMode, TimeProvider time, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("perennial-sandbox-");
        StreamWriter? log = null;
        Instance? instance = null;
        try
        {
            log = new StreamWriter(LogIn(folder));
            instance = Instance.Open(OptionsFor(folder, azureMode), time);
            var server = await RunningServer.StartAsync(instance, time, cancellationToken, log);
            var entry = await server.InviteGuestAsync(cancellationToken);
            return new SandboxInstance(folder, instance, log, server) { PortalEntry = entry };
        }
        catch
        {
            instance?.Dispose();
            await (log?.DisposeAsync() ?? ValueTask.CompletedTask);
            folder.Delete(recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _root.Dispose();
        _instance.Dispose();
        await _log.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static ServeOptions OptionsFor(DirectoryInfo folder, bool azureMode) => new()
    {
        DataFolder = Path.Combine(folder.FullName, "instance"),
        Host = Host,
        Hubs = [KeyValuePair.Create(HubName, HubHost)],
        Bind = IPAddress.Loopback,
        MqttPort = 0,
        AmqpPort = 0,
        HttpsPort = 0,
        PortalPort = 0,
        AzureMode = azureMode,
    };

    private static string LogIn(DirectoryInfo folder) => Path.Combine(folder.FullName, "server.log");
}
