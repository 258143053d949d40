using System.Net;
using System.Security.Cryptography.X509Certificates;
using Perennial.Authority;
using Perennial.Authority.Keys;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Operator;

namespace Perennial.Testing;

/// <summary>
/// The server in a throw-away folder. Its certificate is made by the system's clock, for ten years: clients judge it by that clock, however far a
/// test moves its own.
/// </summary>
internal sealed class RunningInstance : IAsyncDisposable
{
    private const string OnlyHost = "localhost";

    // A port found free may be taken by another process before it is bound.
    private const int MaxAttempts = 5;

    private readonly DirectoryInfo _folder;
    private readonly Instance _instance;
    private readonly RunningServer _server;
    private readonly ServerAddress _clients;
    private readonly TimeProvider _time;

    // A dropped device gets FIN, as from the executable; Kestrel reads the switch when it is first used.
    static RunningInstance() => AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.FinOnError", isEnabled: true);

    private RunningInstance(DirectoryInfo folder, Instance instance, RunningServer server, PerennialHostOptions options)
    {
        _folder = folder;
        _instance = instance;
        _server = server;
        _time = options.Time;
        Address = options.Address;
        Summary = instance.Summarise();
        Root = X509CertificateLoader.LoadCertificateFromFile(Summary.TrustBundle);
        _clients = new ServerAddress(Address, Summary.Ports.Mqtt, Summary.Ports.Https, Root);
    }

    public InstanceSummary Summary { get; }

    public IPAddress Address { get; }

    public X509Certificate2 Root { get; }

    public static async Task<RunningInstance> StartAsync(PerennialHostOptions options, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryStartAsync(options, cancellationToken);
            }
            catch (OperatorException exception) when (attempt == MaxAttempts || options.MqttPort != 0 || options.AmqpPort != 0 || options.HttpsPort != 0)
            {
                throw new InvalidOperationException($"The host cannot start: {exception.Message}", exception);
            }
            catch (OperatorException)
            {
                // Tried again on other ports.
            }
        }
    }

    /// <summary>A client of an operator with this connection string.</summary>
    public HttpClient CreateClient(string connectionString) => OperatorHandler.CreateClient(_clients, connectionString, _time);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _instance.Dispose();
        Root.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<RunningInstance> TryStartAsync(PerennialHostOptions options, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("perennial-testing-");
        Instance? instance = null;
        try
        {
            var time = options.Time == TimeProvider.System ? options.Time : new PacedTime(options.Time);
            instance = Instance.Open(OptionsFor(folder, options), time);
            var server = await RunningServer.StartAsync(instance, time, cancellationToken, options.Log);
            return new RunningInstance(folder, instance, server, options);
        }
        catch
        {
            instance?.Dispose();
            folder.Delete(recursive: true);
            throw;
        }
    }

    private static ServeOptions OptionsFor(DirectoryInfo folder, PerennialHostOptions options)
    {
        var hubs = options.Hubs.Select(name => KeyValuePair.Create(name, options.Hubs.Count == 1 ? OnlyHost : $"{name}.{OnlyHost}")).ToList();
        var (certificate, key) = WriteCertificate(folder, [.. hubs.Select(hub => hub.Value).Append(OnlyHost).Distinct()], options.Address);
        return new ServeOptions
        {
            DataFolder = Path.Combine(folder.FullName, "instance"),
            Host = OnlyHost,
            Hubs = hubs,
            Bind = options.Address,
            MqttPort = options.MqttPort,
            AmqpPort = options.AmqpPort,
            HttpsPort = options.HttpsPort,
            PortalPort = 0,
            AzureMode = options.AzureMode,
            TlsCertificate = certificate,
            TlsKey = key,
        };
    }

    private static (string Certificate, string Key) WriteCertificate(DirectoryInfo folder, IReadOnlyList<string> names, IPAddress address)
    {
        using var root = CertificateAuthority.CreateRoot(new AuthorityProfile { CommonName = "Perennial.Testing root" }, TimeProvider.System);
        using var leaf = root.IssueLeaf(new LeafProfile
        {
            CommonName = OnlyHost,
            Purpose = LeafPurpose.Server,
            DnsNames = names,
            Addresses = [address],
            Lifetime = root.Certificate.NotAfter - root.Certificate.NotBefore,
        });
        var certificate = Path.Combine(folder.FullName, "server.pem");
        var key = Path.Combine(folder.FullName, "server.key");
        File.WriteAllText(certificate, leaf.CertificatePem + root.Own.CertificatePem);
        KeyFile.Write(key, leaf.Key);
        return (certificate, key);
    }
}
