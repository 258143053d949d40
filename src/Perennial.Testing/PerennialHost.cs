using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Protocol;

namespace Perennial.Testing;

/// <summary>
/// A device provisioning service and IoT hubs in this process, on loopback, in a folder that goes with it. Start one for each test class or for
/// each test; any number run side by side.
/// </summary>
public sealed class PerennialHost : IAsyncDisposable
{
    private const string Version = $"api-version={ApiVersion.ProvisioningService}";

    private readonly RunningInstance _instance;
    private readonly HttpClient _http;
    private readonly ServiceCalls _calls;
    private readonly IReadOnlyList<(HttpClient Http, HostedHub Hub)> _hubs;
    private readonly Lazy<TestAuthority> _ownAuthority;

    private PerennialHost(RunningInstance instance, PerennialHostOptions options)
    {
        _instance = instance;
        Time = options.Time;
        _http = CreateProvisioningClient();
        _calls = new ServiceCalls(_http, options.WaitLimit);
        _hubs = [.. instance.Summary.Hubs.Select(hub =>
        {
            var http = instance.CreateClient(hub.ConnectionString);
            return (http, new HostedHub(
                hub.Name, hub.HostName, hub.ConnectionString, () => instance.CreateClient(hub.ConnectionString), new ServiceCalls(http, options.WaitLimit)));
        })];
        _ownAuthority = new(() => TestAuthority.CreateRoot("Test devices", Time));
    }

    /// <summary>The clock of the service, as it was given.</summary>
    public TimeProvider Time { get; }

    /// <summary>The id scope that devices send.</summary>
    public string IdScope => _instance.Summary.IdScope;

    /// <summary>The host name of the provisioning service; it stands where the global endpoint of Azure stood.</summary>
    public string ProvisioningHostName => _instance.Summary.ProvisioningHost;

    /// <summary>Where every port listens.</summary>
    public IPAddress Address => _instance.Address;

    /// <summary>MQTT over TLS: provisioning and every hub.</summary>
    public int MqttPort => _instance.Summary.Ports.Mqtt;

    /// <summary>AMQP over TLS: provisioning, every hub and its service side.</summary>
    public int AmqpPort => _instance.Summary.Ports.Amqp;

    /// <summary>HTTPS and WebSockets: provisioning, every hub and the service API.</summary>
    public int HttpsPort => _instance.Summary.Ports.Https;

    /// <summary>The root of the server's certificate, which devices and tools are to trust.</summary>
    public X509Certificate2 Root => _instance.Root;

    /// <summary>The root as PEM.</summary>
    public string RootPem => Root.ExportCertificatePem() + "\n";

    /// <summary>Path of a PEM file with the root, for SDKs that read one; gone with the host.</summary>
    public string TrustBundle => _instance.Summary.TrustBundle;

    /// <summary>Every right of the service API of provisioning, for service SDKs and tools.</summary>
    public string ProvisioningConnectionString => _instance.Summary.ProvisioningConnectionString;

    /// <summary>The hubs, in the order of <see cref="PerennialHostOptions.Hubs"/>.</summary>
    public IReadOnlyList<HostedHub> Hubs => [.. _hubs.Select(pair => pair.Hub)];

    /// <summary>The first hub.</summary>
    public HostedHub Hub => _hubs[0].Hub;

    /// <summary>Starts a host; it serves when this returns.</summary>
    /// <param name="options">Null takes every default.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The host; disposing it ends the service and deletes its folder.</returns>
    public static async Task<PerennialHost> StartAsync(PerennialHostOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PerennialHostOptions();
        return new PerennialHost(await RunningInstance.StartAsync(options, cancellationToken), options);
    }

    /// <summary>A client of the service API of provisioning that trusts the root and signs every request; the caller disposes it.</summary>
    /// <returns>A client whose base address is the provisioning service.</returns>
    public HttpClient CreateProvisioningClient() => _instance.CreateClient(ProvisioningConnectionString);

    /// <summary>Makes a root by the host's clock; an enrollment group may hold it, or an intermediate below it.</summary>
    /// <param name="commonName">Its name, 1 to 64 characters.</param>
    /// <returns>The root; the caller disposes it.</returns>
    public TestAuthority CreateRoot(string commonName = "Test root") => TestAuthority.CreateRoot(commonName, Time);

    /// <summary>Makes a device's certificate for an individual enrollment, which pins the leaf and looks at nothing above it.</summary>
    /// <param name="registrationId">Its common name.</param>
    /// <param name="lifetime">How long it is valid; default 90 days.</param>
    /// <returns>The certificate with its key, below an authority that no enrollment knows; the caller disposes it.</returns>
    public DeviceCertificate IssueDevice(string registrationId, TimeSpan? lifetime = null) => _ownAuthority.Value.IssueDevice(registrationId, lifetime);

    /// <summary>Creates or replaces an individual enrollment. It takes effect at once: a second certificate is staged so, and a first one retired.</summary>
    /// <param name="registrationId">The device.</param>
    /// <param name="primary">The leaf in the primary slot.</param>
    /// <param name="secondary">The leaf in the secondary slot; null leaves it empty.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The wait until it is stored.</returns>
    public Task EnrollAsync(
        string registrationId, X509Certificate2 primary, X509Certificate2? secondary = null, CancellationToken cancellationToken = default) =>
        EnrollAsync(registrationId, EnrollmentJson.Certificates("clientCertificates", primary, secondary), cancellationToken);

    /// <summary>Creates or replaces an enrollment group, for every device below a signing certificate.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="primary">The signing certificate in the primary slot: a root or an intermediate.</param>
    /// <param name="secondary">The one in the secondary slot; null leaves it empty.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The wait until it is stored.</returns>
    public Task EnrollGroupAsync(
        string groupId, X509Certificate2 primary, X509Certificate2? secondary = null, CancellationToken cancellationToken = default) =>
        EnrollGroupAsync(groupId, EnrollmentJson.Certificates("signingCertificates", primary, secondary), cancellationToken);

    /// <summary>Creates or replaces an individual enrollment with keys that the service makes.</summary>
    /// <param name="registrationId">The device.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The keys.</returns>
    public async Task<SymmetricKeys> EnrollWithKeysAsync(string registrationId, CancellationToken cancellationToken = default) =>
        SymmetricKeys.From(await EnrollAsync(registrationId, EnrollmentJson.Keys(), cancellationToken));

    /// <summary>Creates or replaces an enrollment group with keys that the service makes; each device has keys derived from them.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The keys of the group.</returns>
    public async Task<SymmetricKeys> EnrollGroupWithKeysAsync(string groupId, CancellationToken cancellationToken = default) =>
        SymmetricKeys.From(await EnrollGroupAsync(groupId, EnrollmentJson.Keys(), cancellationToken));

    /// <summary>Deletes an individual enrollment; the device is refused from then on, and its record stays.</summary>
    /// <param name="registrationId">The device.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The wait until it is gone.</returns>
    public Task UnenrollAsync(string registrationId, CancellationToken cancellationToken = default) =>
        _calls.DemandAsync(HttpMethod.Delete, $"enrollments/{registrationId}?{Version}", null, cancellationToken);

    /// <summary>Deletes an enrollment group; its devices are refused from then on, and their records stay.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The wait until it is gone.</returns>
    public Task UnenrollGroupAsync(string groupId, CancellationToken cancellationToken = default) =>
        _calls.DemandAsync(HttpMethod.Delete, $"enrollmentGroups/{groupId}?{Version}", null, cancellationToken);

    /// <summary>The registration record of a device.</summary>
    /// <param name="registrationId">The device.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The JSON of the service API; null when the device never registered.</returns>
    public Task<JsonElement?> FindRegistrationAsync(string registrationId, CancellationToken cancellationToken = default) =>
        _calls.FindAsync($"registrations/{registrationId}?{Version}", cancellationToken);

    /// <summary>The last handshakes of a device, accepted and refused, at provisioning and at hubs; newest first.</summary>
    /// <param name="registrationId">The device.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Empty when it was never seen.</returns>
    public async Task<IReadOnlyList<DeviceSighting>> ReadSightingsAsync(string registrationId, CancellationToken cancellationToken = default)
    {
        var seen = await _calls.FindAsync($"registrations/{registrationId}/sightings?{Version}", cancellationToken);
        return seen is { } list ? [.. list.EnumerateArray().Select(DeviceSighting.From).OrderByDescending(sighting => sighting.At)] : [];
    }

    /// <summary>A sighting of the device that the condition accepts, once there is one.</summary>
    /// <param name="registrationId">The device.</param>
    /// <param name="accepts">The condition; null accepts every sighting.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The newest such sighting.</returns>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    public Task<DeviceSighting> WaitForSightingAsync(
        string registrationId, Func<DeviceSighting, bool>? accepts = null, CancellationToken cancellationToken = default) => _calls.UntilAsync(
            $"a sighting of '{registrationId}'",
            async token => (await ReadSightingsAsync(registrationId, token)).FirstOrDefault(sighting => accepts?.Invoke(sighting) != false),
            cancellationToken);

    /// <summary>Ends the service and deletes its folder.</summary>
    /// <returns>The wait until it has ended.</returns>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var (http, _) in _hubs)
        {
            http.Dispose();
        }

        if (_ownAuthority.IsValueCreated)
        {
            _ownAuthority.Value.Dispose();
        }

        await _instance.DisposeAsync();
    }

    private Task<JsonElement> EnrollAsync(string registrationId, JsonObject attestation, CancellationToken cancellationToken) => _calls.PutAsync(
        $"enrollments/{registrationId}?{Version}",
        new JsonObject { ["registrationId"] = registrationId, ["attestation"] = attestation },
        cancellationToken);

    private Task<JsonElement> EnrollGroupAsync(string groupId, JsonObject attestation, CancellationToken cancellationToken) => _calls.PutAsync(
        $"enrollmentGroups/{groupId}?{Version}",
        new JsonObject { ["enrollmentGroupId"] = groupId, ["attestation"] = attestation },
        cancellationToken);
}
