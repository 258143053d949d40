using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;
using Perennial.Server.Portal.Access;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Instances;

/// <summary>An instance in a folder of its own that goes with the test.</summary>
internal sealed class ServedInstance : IAsyncDisposable
{
    private readonly string _folder;
    private readonly TimeProvider _time;
    private ServerParts? _parts;
    private RunningServer? _server;

    private ServedInstance(string folder, Instance instance, TimeProvider time)
    {
        _folder = folder;
        _time = time;
        Instance = instance;
    }

    public Instance Instance { get; }

    public PortsDocument Ports => Instance.Document.Ports;

    public ServerParts Parts => _parts ?? throw new InvalidOperationException("Compose first.");

    /// <param name="time">The clock.</param>
    /// <param name="firstReply">The switch of <c>instance.json</c>, when it is not the usual one.</param>
    /// <param name="database">Npgsql's words, or null for SQLite.</param>
    /// <param name="change">Other options of the start.</param>
    public static ServedInstance Open(
        TimeProvider time,
        string? firstReply = null,
        string? database = null,
        string? limits = null,
        Func<ServeOptions, ServeOptions>? change = null)
    {
        var folder = Directory.CreateTempSubdirectory("perennial-test-").FullName;
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
        options = change?.Invoke(options) ?? options;
        var instance = Instance.Open(options, time);
        if (firstReply is not null || limits is not null)
        {
            instance.Dispose();
            var file = Path.Combine(folder, "instance.json");
            var text = File.ReadAllText(file).Replace("\"immediate\"", $"\"{firstReply ?? "immediate"}\"", StringComparison.Ordinal);
            File.WriteAllText(file, limits is null ? text : $"{{\"limits\":{limits},{text.AsSpan(text.IndexOf('{', StringComparison.Ordinal) + 1)}");
            instance = Instance.Open(options with { MqttPort = null, AmqpPort = null, HttpsPort = null, PortalPort = null }, time);
        }

        return new ServedInstance(folder, instance, time);
    }

    /// <summary>Opens a data folder that is there, on its own ports.</summary>
    public static ServedInstance OpenFolder(string folder, TimeProvider time) =>
        new(folder, Instance.Open(new ServeOptions { DataFolder = folder }, time), time);

    /// <summary>Puts the server together without listening.</summary>
    public async Task<ServedInstance> ComposeAsync()
    {
        _parts = await ServerParts.ComposeAsync(Instance, NullLoggerFactory.Instance, _time);
        return this;
    }

    /// <summary>Serves on free ports of the loopback.</summary>
    public async Task<ServedInstance> StartAsync()
    {
        _server = await RunningServer.StartAsync(Instance, _time, TestContext.Current.CancellationToken, TextWriter.Null);
        return this;
    }

    /// <summary>Enrolls a device with this leaf, straight in storage.</summary>
    public Task EnrollAsync(string id, TestCertificate leaf, bool isEnabled = true)
    {
        Assert.True(Provisioning.RegistrationId.TryParse(id, out var registrationId));
        return SaveAsync(EnrollmentKey.Individual(registrationId), new AttestationMechanism.Leaves(new CertificateSlots(leaf.Certificate, null)), isEnabled);
    }

    /// <summary>Enrolls a device by this mechanism, straight in storage.</summary>
    public Task EnrollAsync(string id, AttestationMechanism mechanism)
    {
        Assert.True(Provisioning.RegistrationId.TryParse(id, out var registrationId));
        return SaveAsync(EnrollmentKey.Individual(registrationId), mechanism, isEnabled: true);
    }

    /// <summary>The cookie of a new session of a reader of the portal.</summary>
    public async Task<string> EnterPortalAsync()
    {
        await using var database = DatabaseOpening.Open(Instance.Database, NullLoggerFactory.Instance, _time);
        var (users, sessions) = (new UserStore(database, _time), new SessionStore(database, _time));
        Assert.True(UserName.TryParse("reader", out var name));
        await users.SaveAsync(new User { Name = name, Role = UserRole.Reader, Created = _time.GetUtcNow() }, "test", CancellationToken.None);
        var token = OneTimeToken.Fresh();
        Assert.True(await sessions.StartAsync(token.Hash, name, codeStep: null, CancellationToken.None));
        return $"{SessionCookie.Name}={token.Text}";
    }

    /// <summary>Enrolls every device below this certificate, straight in storage.</summary>
    public Task EnrollGroupAsync(string id, TestCertificate signer)
    {
        Assert.True(EnrollmentKey.TryGroup(id, out var key));
        return SaveAsync(key, new AttestationMechanism.Signers(new CertificateSlots(signer.Certificate, null)), isEnabled: true);
    }

    private async Task SaveAsync(EnrollmentKey key, AttestationMechanism mechanism, bool isEnabled)
    {
        await using var database = DatabaseOpening.Open(Instance.Database, NullLoggerFactory.Instance, _time);
        var enrollment = new Enrollment
        {
            Key = key,
            Mechanism = mechanism,
            IsEnabled = isEnabled,
            ETag = "1",
            Created = _time.GetUtcNow(),
            LastUpdated = _time.GetUtcNow(),
        };
        await new EnrollmentStore(database, _time).SaveAsync(enrollment, null, "test", TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_parts is not null)
        {
            await _parts.DisposeAsync();
        }

        Instance.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
