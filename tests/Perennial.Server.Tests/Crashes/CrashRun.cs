using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Tests.Commands;
using Perennial.Server.Tests.Outages;
using Perennial.Server.Tests.Tls;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Crashes;

/// <summary>Devices that register and publish on the real executable while something crashes, and the account of what they were told.</summary>
internal sealed class CrashRun : IDisposable
{
    private const int Publishers = 2;

    // What devices keep: their own disk does not crash.
    private readonly DirectoryInfo _outside = Directory.CreateTempSubdirectory("perennial-devices-");
    private readonly string _folder;
    private readonly TestAuthority _signer = TestAuthority.CreateRoot("Fleet");
    private readonly TestCertificate[] _leaves;
    private readonly ConcurrentDictionary<string, string> _registered = new(StringComparer.Ordinal);
    private readonly HashSet<string> _published = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string> _refusals = [];
    private int _names;

    private CrashRun(string folder, Instance instance)
    {
        _folder = folder;
        Endpoint = DeviceEndpoint.Of(instance) with { TrustBundle = Path.Combine(_outside.FullName, "trust-bundle.pem") };
        _leaves = [.. Enumerable.Range(0, Publishers).Select(i => _signer.IssueLeaf($"pub{i}"))];
    }

    public DeviceEndpoint Endpoint { get; }

    /// <summary>Device and body of each message that was acknowledged.</summary>
    public IReadOnlyCollection<string> Published => _published;

    /// <summary>Each registration that was acknowledged, with its time of creation.</summary>
    public IReadOnlyDictionary<string, string> Registered => _registered;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Makes a data folder in which devices below a signer are enrolled.</summary>
    public static async Task<CrashRun> CreateAsync(string folder, string? database = null)
    {
        var options = new ServeOptions
        {
            DataFolder = folder,
            Host = "localhost",
            Bind = IPAddress.Loopback,
            MqttPort = 0,
            AmqpPort = 0,
            HttpsPort = 0,
            PortalPort = 0,
            Database = database is null ? null : DatabaseAddress.Parse(database, "--database"),
        };
        using var instance = Instance.Open(options, TimeProvider.System);
        var run = new CrashRun(folder, instance);
        await run.EnrollAsync(instance);
        return run;
    }

    /// <summary>Starts the server, lets devices work until some messages are acknowledged, and crashes it.</summary>
    /// <param name="round">Decides how many messages.</param>
    /// <param name="crash">Ends what is to end.</param>
    public async Task RoundAsync(int round, Func<ServerProcess, Task> crash)
    {
        await using var server = await StartAsync();
        await ExpectSameRegistrationsAsync();
        var devices = await ConnectAsync(round);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var registering = RegisterManyAsync(end.Token);
        await Task.WhenAll(devices.Select(device => device.WaitForAsync(Messages(round))));
        await crash(server);
        await end.CancelAsync();
        await registering;
        await CollectAsync(devices);
    }

    /// <summary>Lets devices work on one server while something behind it crashes again and again.</summary>
    public async Task RoundsAsync(int rounds, Func<Task> crash)
    {
        await using var server = await StartAsync();
        var devices = await ConnectAsync(round: 0);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var registering = RegisterManyAsync(end.Token);
        for (var round = 0; round < rounds; round++)
        {
            await Task.WhenAll(devices.Select(device => device.WaitForAsync(Messages(round))));
            await crash();
        }

        await Task.WhenAll(devices.Select(device => device.WaitForAsync(10)));
        await end.CancelAsync();
        await registering;
        await ExpectSameRegistrationsAsync();
        await CollectAsync(devices);
    }

    /// <summary>Compares what is stored with what was acknowledged.</summary>
    /// <param name="messages">Device and body of each stored message.</param>
    /// <param name="registrations">The stored registrations' ids.</param>
    /// <param name="devices">The stored devices' ids.</param>
    public void Expect(IReadOnlyCollection<string> messages, IReadOnlyList<string> registrations, IReadOnlyList<string> devices)
    {
        Assert.All(_refusals, refusal => Assert.StartsWith("$dps/registrations/res/5", refusal, StringComparison.Ordinal));
        Assert.Empty(_published.Except(messages));
        Assert.Empty(_registered.Keys.Except(registrations));
        Assert.Equal(registrations.Count, registrations.Distinct().Count());
        Assert.Equal(registrations.Order(StringComparer.Ordinal), devices.Order(StringComparer.Ordinal));
    }

    /// <summary>A line of figures, for whoever asked for a report.</summary>
    public void Report(string title, int crashes, int stored)
    {
        if (Environment.GetEnvironmentVariable("PERENNIAL_CRASH_REPORT") is { Length: > 0 } file)
        {
            File.AppendAllText(file, string.Create(
                CultureInfo.InvariantCulture,
                $"{title}: {crashes} crashes, {_published.Count} messages and {_registered.Count} registrations acknowledged, 0 lost, 0 registrations twice; {stored - _published.Count} messages stored that nobody was told of or stored twice\n"));
        }
    }

    public void Dispose()
    {
        _signer.Dispose();
        _outside.Delete(recursive: true);
    }

    private static int Messages(int round) => 5 + (round * 7919 % 61);

    private async Task EnrollAsync(Instance instance)
    {
        await using var database = DatabaseOpening.Open(instance.Database, NullLoggerFactory.Instance, TimeProvider.System);
        Assert.True(EnrollmentKey.TryGroup("fleet", out var key));
        var enrollment = new Enrollment
        {
            Key = key,
            Mechanism = new AttestationMechanism.Signers(new CertificateSlots(_signer.Certificate, null)),
            IsEnabled = true,
            ETag = "1",
            Created = TimeProvider.System.GetUtcNow(),
            LastUpdated = TimeProvider.System.GetUtcNow(),
        };
        await new EnrollmentStore(database, TimeProvider.System).SaveAsync(enrollment, null, "test", Stop);
    }

    private async Task<ServerProcess> StartAsync()
    {
        var server = ServerProcess.Start(null, "serve", "--data", _folder);
        await server.WaitUntilReadyAsync();
        File.Copy(Path.Combine(_folder, "trust-bundle.pem"), Endpoint.TrustBundle, overwrite: true);
        return server;
    }

    private Task<PublishingDevice[]> ConnectAsync(int round) => Task.WhenAll(_leaves.Select((leaf, i) => PublishingDevice.ConnectAsync(
        Endpoint, $"pub{i}", leaf, string.Create(CultureInfo.InvariantCulture, $"{round}-"))));

    private async Task CollectAsync(PublishingDevice[] devices)
    {
        foreach (var device in devices)
        {
            await device.DisposeAsync();
            _published.UnionWith(device.AcknowledgedBodies.Select(body => $"{device.Id} {body}"));
        }
    }

    private async Task RegisterManyAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"new{Interlocked.Increment(ref _names)}");
            try
            {
                if (await RegisterAsync(id) is { } created)
                {
                    _registered.TryAdd(id, created);
                }
            }
            catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or Xunit.Sdk.XunitException)
            {
                // The server went away before it answered: nothing was promised.
                await Task.Yield();
            }
        }
    }

    // A registration that was acknowledged is there, and is not made a second time.
    private async Task ExpectSameRegistrationsAsync()
    {
        foreach (var (id, created) in _registered.TakeLast(2))
        {
            var again = await RegisterAsync(id);
            for (var attempt = 1; again is null && attempt < 10; attempt++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Stop);
                again = await RegisterAsync(id);
            }

            Assert.True(again == created, $"{id} was created {created}, then {again}; refusals: {string.Join('\n', _refusals)}");
        }
    }

    private async Task<string?> RegisterAsync(string id)
    {
        using var leaf = _signer.IssueLeaf(id);
        await using var client = await TlsClient.ConnectAsync(Endpoint.TrustBundle, Endpoint.MqttPort, leaf);
        var (topic, body) = await client.RegisterAsync(Endpoint.IdScope, id);
        if (!topic.StartsWith("$dps/registrations/res/200/", StringComparison.Ordinal))
        {
            _refusals.Add($"{topic} {body}");
            return null;
        }

        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("registrationState").GetProperty("createdDateTimeUtc").GetString();
    }
}
