using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Hub.Access;
using Perennial.Hub.Credentials;
using Perennial.Hub.Devicebound;
using Perennial.Hub.Devices;
using Perennial.Hub.Messages;
using Perennial.Hub.Registry;
using Perennial.Hub.Sessions;
using Perennial.Provisioning.Attestation;
using Perennial.Rolling.Impact;
using Perennial.Server.Http;
using Perennial.Server.Hubs;
using Perennial.Server.Limits;
using Perennial.Server.Mqtt;
using Perennial.Server.Storage;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Storage.Sqlite;
using Perennial.TestCertificates;
using Perennial.X509;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Tests.Hubs;

/// <summary>The hub <c>hub.example</c> on a database of its own, with one device, <c>dev1</c>, its module <c>dev1/m</c>, and the leaf of both.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly SqliteDatabase _database;

    private TestHub(DirectoryInfo folder, SqliteDatabase database)
    {
        _folder = folder;
        _database = database;
    }

    public CountingTime Time { get; } = new();

    public TestCertificate Leaf { get; } = TestAuthority.CreateSelfSignedLeaf("dev1");

    public AccessPolicies Policies { get; } = AccessPolicies.Create();

    public ServedHub Hub { get; private set; } = null!;

    public HubDoor Door { get; private set; } = null!;

    /// <summary>Answers what a change of an identity would do.</summary>
    public AnswerIdentityImpact Impact
    {
        get
        {
            var enrollments = new EnrollmentStore(_database, Time);
            var attestation = new DeviceAttestation(
                new ChainPolicy(new ChainPolicyOptions(), new SignatureCache()), new TpmIdentityKeys(new byte[TpmIdentityKeys.SecretLength]));
            var judge = new JudgeChain(enrollments, attestation, TimeSpan.FromMinutes(5));
            var shown = new ShownCredentials(new SightingStore(_database), new PresentedStore(_database), judge);
            return new AnswerIdentityImpact(new PreviewIdentities(shown, enrollments, TimeSpan.FromMinutes(5), Time));
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static DeviceId Id(string text) => DeviceId.TryParseIdentity(text, out var id) ? id : throw new ArgumentException(text);

    public static async Task<TestHub> OpenAsync(HubLimits? limits = null)
    {
        var folder = Directory.CreateTempSubdirectory("perennial-");
        var database = SqliteDatabase.Open(Path.Combine(folder.FullName, "perennial.db"), TimeProvider.System);
        var test = new TestHub(folder, database);
        var stores = await SqlHub.OpenAsync(database, "hub", FeedLimits.Default, test.Time);
        test.Compose(stores, limits ?? HubLimits.None);
        await test.AddAsync("dev1", test.Credential());
        await test.AddAsync("dev1/m", test.Credential());
        return test;
    }

    public DeviceCredential Credential() => DeviceCredential.Thumbprints.Of(Leaf.Certificate.Thumbprint);

    public async Task<DeviceIdentity> AddAsync(string id, DeviceCredential? credential) => ((DeviceWrite.Saved)await Hub.Create.RunAsync(
        new RequestedDevice { Id = Id(id), Credential = credential }, "test", Stop)).Device;

    /// <summary>A back end sends a message to <c>dev1</c>.</summary>
    public Task<SendOutcome> SendAsync(string body, string messageId, RequestedFeedback feedback = RequestedFeedback.None) => Hub.Send.RunAsync(
        new OutgoingMessage { Device = Id("dev1"), MessageId = messageId, Feedback = feedback, Body = Encoding.UTF8.GetBytes(body) }, Stop);

    public Task DisableAsync() => Hub.Save.RunAsync(
        new RequestedDevice { Id = Id("dev1"), Credential = Credential(), IsEnabled = false }, null, "test", Stop);

    public async ValueTask DisposeAsync()
    {
        Hub.Dispose();
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private void Compose(HubStores stores, HubLimits limits)
    {
        Hub = new ServedHub(
            new HubSettings { Name = "hub", HostName = "hub.example", Policies = Policies, Limits = limits },
            stores,
            new NoEnrollments(),
            new NoLedger(),
            new RequestCertificate(new NoIssuance(), (_, _) => { }, exception => throw exception, Time),
            new KnownIssuers(new KnownIssuerStore(_database)),
            new ChainPolicy(new ChainPolicyOptions(), new SignatureCache()),
            Time);
        Door = new HubDoor(new ServedHubs([Hub]), (_, _) => { }, NullLogger<HubDoor>.Instance, Time);
    }

    private sealed class NoEnrollments : IEnrollmentAttestation
    {
        public Task<EnrollmentAnswer> AttestAsync(string registrationId, PresentedCredential presented, DateTimeOffset at, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("No device of these tests follows an enrollment.");

        public Task<Refusal?> FindBlockAsync(string deviceId, PresentedCredential presented, CancellationToken cancellationToken) =>
            Task.FromResult<Refusal?>(null);
    }

    private sealed class NoIssuance : ICredentialIssuance
    {
        public Task<CredentialAnswer> IssueAsync(DeviceVerdict.Accepted device, CertificateSigningRequest request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("No device of these tests asks for a certificate.");
    }

    private sealed class NoLedger : IConnectionLedger
    {
        public ValueTask RecordAsync(DeviceVerdict verdict, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
