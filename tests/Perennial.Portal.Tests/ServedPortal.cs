using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;
using Perennial.TestCertificates;

namespace Perennial.Portal.Tests;

/// <summary>An instance on free ports of the loopback, in a folder that goes with the test. It can be restarted on the same ports.</summary>
internal sealed class ServedPortal : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("perennial-portal-").FullName;
    private readonly Func<ServeOptions, ServeOptions> _change;
    private Instance? _instance;
    private RunningServer? _server;

    private ServedPortal(Func<ServeOptions, ServeOptions> change) => _change = change;

    public Instance Instance => _instance ?? throw new InvalidOperationException("It does not run.");

    public Uri Address => new($"http://localhost:{Instance.Document.Ports.Portal}");

    public Uri? FirstInvitation => _server?.FirstInvitation;

    public static async Task<ServedPortal> StartAsync(Func<ServeOptions, ServeOptions>? change = null)
    {
        var served = new ServedPortal(change ?? (options => options));
        await served.StartAsync();
        return served;
    }

    /// <summary>Stops the server and starts another one on its data folder.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>A new session of a user who is made for it.</summary>
    public async Task<string> EnterAsync(string name, UserRole role)
    {
        await using var database = OpenDatabase();
        Assert.True(UserName.TryParse(name, out var userName));
        var (users, sessions) = (new UserStore(database, TimeProvider.System), new SessionStore(database, TimeProvider.System));
        await users.SaveAsync(new User { Name = userName, Role = role, Created = TimeProvider.System.GetUtcNow() }, "test", CancellationToken.None);
        var token = OneTimeToken.Fresh();
        Assert.True(await sessions.StartAsync(token.Hash, userName, codeStep: null, CancellationToken.None));
        return token.Text;
    }

    /// <summary>Stores an enrollment as it is.</summary>
    public async Task EnrollAsync(EnrollmentKey key, AttestationMechanism mechanism, bool isEnabled = true)
    {
        await using var database = OpenDatabase();
        var now = TimeProvider.System.GetUtcNow();
        var enrollment = new Enrollment { Key = key, Mechanism = mechanism, IsEnabled = isEnabled, ETag = "1", Created = now, LastUpdated = now };
        Assert.IsType<EnrollmentWrite.Saved>(
            await new EnrollmentStore(database, TimeProvider.System).SaveAsync(enrollment, null, "test", CancellationToken.None));
    }

    /// <summary>Enrolls a device with these leaves.</summary>
    public Task EnrollAsync(string id, TestCertificate primary, TestCertificate? secondary = null, bool isEnabled = true)
    {
        Assert.True(RegistrationId.TryParse(id, out var registration));
        var slots = new CertificateSlots(primary.Certificate, secondary?.Certificate);
        return EnrollAsync(EnrollmentKey.Individual(registration), new AttestationMechanism.Leaves(slots), isEnabled);
    }

    /// <summary>Enrolls devices by symmetric key.</summary>
    public async Task EnrollKeysAsync(IEnumerable<string> ids)
    {
        await using var database = OpenDatabase();
        var (store, now) = (new EnrollmentStore(database, TimeProvider.System), TimeProvider.System.GetUtcNow());
        await Task.WhenAll(ids.Select(id =>
        {
            Assert.True(RegistrationId.TryParse(id, out var registration));
            var enrollment = new Enrollment
            {
                Key = EnrollmentKey.Individual(registration),
                Mechanism = new AttestationMechanism.SymmetricKeys(new KeySlots(SymmetricKey.Mint(), SymmetricKey.Mint())),
                ETag = "1",
                Created = now,
                LastUpdated = now,
            };
            return store.SaveAsync(enrollment, null, "test", CancellationToken.None);
        }));
    }

    public SqlDatabase OpenDatabase() => DatabaseOpening.Open(Instance.Database, NullLoggerFactory.Instance, TimeProvider.System);

    /// <summary>Who did what to which object, oldest first.</summary>
    public async Task<IReadOnlyList<string>> AuditAsync()
    {
        await using var database = OpenDatabase();
        return await database.ReadAsync<IReadOnlyList<string>>(
            session =>
            {
                using var rows = session.Prepared("SELECT actor, action, subject FROM audit ORDER BY number").ExecuteReader();
                var lines = new List<string>();
                while (rows.Read())
                {
                    lines.Add($"{rows.GetString(0)} {rows.GetString(1)} {rows.GetString(2)}");
                }

                return lines;
            },
            CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        var isNew = !File.Exists(Path.Combine(_folder, "instance.json"));
        int? free = isNew ? 0 : null;
        _instance = Instance.Open(
            _change(new ServeOptions
            {
                DataFolder = _folder,
                Host = "localhost",
                Bind = IPAddress.Loopback,
                MqttPort = free,
                AmqpPort = free,
                HttpsPort = free,
                PortalPort = free,
            }),
            TimeProvider.System);
        _server = await RunningServer.StartAsync(_instance, TimeProvider.System, CancellationToken.None, TextWriter.Null);
    }

    private async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _instance?.Dispose();
        (_server, _instance) = (null, null);
    }
}
