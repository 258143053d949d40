using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Perennial.Hub.Access;
using Perennial.Hub.Devices;
using Perennial.Hub.Methods;
using Perennial.Hub.Registry;
using Perennial.Hub.Sessions;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Hub.Tests.Fakes;

/// <summary>A hub over stores in memory.</summary>
internal sealed class World
{
    public World(HubBehaviour behaviour = HubBehaviour.FollowEnrollment, params Certificate[] authorities)
    {
        Policies = AccessPolicies.Create();
        var certificates = new CheckCertificate(new ChainPolicy(new ChainPolicyOptions(), new SignatureCache()), new TrustedAuthorities(authorities));
        Authenticate = new AuthenticateDevice(
            Devices, Enrollments, new CheckToken(new AuthorizeCaller(Policies, Time)), certificates, behaviour, Time);
        Sessions = new SessionRegistry(Time);
        Connect = new ConnectDevice(Authenticate, Sessions, Ledger);
        Reconsider = new ReconsiderConnections(Sessions, Authenticate, Ledger);
        Methods = new InvokeMethod(Devices, Sessions, Time);
        Create = new CreateDevice(Devices, Time);
        Save = new SaveDevice(Devices, Reconsider, Time);
        Delete = new DeleteDevice(Devices, Sessions);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public MemoryDevices Devices { get; } = new();

    public MemoryEnrollments Enrollments { get; } = new();

    public MemoryLedger Ledger { get; } = new();

    public AccessPolicies Policies { get; }

    public AuthenticateDevice Authenticate { get; }

    public SessionRegistry Sessions { get; }

    public ConnectDevice Connect { get; }

    public ReconsiderConnections Reconsider { get; }

    public InvokeMethod Methods { get; }

    public CreateDevice Create { get; }

    public SaveDevice Save { get; }

    public DeleteDevice Delete { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static DeviceId Id(string text) => DeviceId.TryParseIdentity(text, out var id) ? id : throw new ArgumentException(text);

    public static JsonElement Json(string text) => JsonElement.Parse(text);

    public static CertificateChain Chain(TestCertificate leaf, params TestAuthority[] issuers) =>
        CertificateChain.TryCreate(leaf.Der, [.. issuers.Select(issuer => issuer.Own.Der)], out var chain, out var refusal)
            ? chain
            : throw new InvalidOperationException(refusal.Detail);

    public static PresentedCredential With(TestCertificate leaf, params TestAuthority[] issuers) =>
        new PresentedCredential.ByCertificate(Chain(leaf, issuers));

    public static DeviceCredential Thumbprints(string? primary, string? secondary = null) =>
        DeviceCredential.Thumbprints.TryCreate(primary, secondary, out var credential) ? credential : throw new ArgumentException(primary);

    public async Task<DeviceIdentity> AddAsync(string id, DeviceCredential? credential = null, bool isEnabled = true) =>
        Assert.IsType<DeviceWrite.Saved>(await Create.RunAsync(
            new RequestedDevice { Id = Id(id), Credential = credential, IsEnabled = isEnabled }, "op", Stop)).Device;

    /// <summary>Adds a device that follows its individual enrollment, as provisioning makes it.</summary>
    public Task<DeviceIdentity> AddFollowerAsync(string id, Certificate leaf, Certificate? secondary = null)
    {
        Enrollments.Save(id, leaf, secondary);
        return AddAsync(id, new DeviceCredential.FollowsEnrollment(id, MemoryEnrollments.Reference(id), leaf.Thumbprint));
    }

    /// <summary>Adds a device that follows its individual enrollment's keys, as provisioning makes it.</summary>
    public Task<DeviceIdentity> AddFollowerAsync(string id, DeviceCredential.SymmetricKeys keys)
    {
        Enrollments.SaveKeys(id, keys.Primary, keys.Secondary);
        return AddAsync(id, new DeviceCredential.FollowsEnrollment(id, MemoryEnrollments.Reference(id), keys));
    }

    public Task<DeviceVerdict> AskAsync(string id, PresentedCredential presented) => Authenticate.RunAsync(Id(id), presented, Stop);

    public async Task<RefusalReason?> RefusalAsync(string id, PresentedCredential presented) =>
        (await AskAsync(id, presented) as DeviceVerdict.Refused)?.Refusal.Reason;

    public async Task<MemoryConnection> ConnectAsync(string id, PresentedCredential presented)
    {
        var connection = new MemoryConnection();
        var (verdict, _) = await Connect.RunAsync(Id(id), presented, _ => connection, Stop);
        Assert.IsType<DeviceVerdict.Accepted>(verdict);
        return connection;
    }

    public PresentedCredential Token(ReadOnlyMemory<byte> key, string? policy = null, bool covers = true, TimeSpan? life = null) =>
        new PresentedCredential.ByToken(new PresentedToken
        {
            PolicyName = policy,
            Expires = Time.GetUtcNow() + (life ?? TimeSpan.FromHours(1)),
            Covers = covers,
            IsSignedBy = candidate => candidate.Span.SequenceEqual(key.Span),
        });
}
