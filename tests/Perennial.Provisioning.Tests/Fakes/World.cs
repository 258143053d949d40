using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Issuance;
using Perennial.Provisioning.Registrations;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>The provisioning service with everything around it in memory, at a clock that the test owns.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "What it owns holds memory alone and ends with the test.")]
internal sealed class World
{
    private CarryOutOperation _carryOut;

    public World(params MemoryHub[] hubs)
    {
        Hubs = hubs.Length == 0 ? [new MemoryHub("hub.example")] : hubs;
        Linked = new LinkedHubs([.. Hubs.Select(hub => new HubLink(hub) { Weight = hub.Weight })]);
        Attestation = new DeviceAttestation(new ChainPolicy(new ChainPolicyOptions(), new SignatureCache()), TpmKeys);
        Save = new SaveEnrollment(Enrollments, Linked, Time);
        Delete = new DeleteEnrollment(Enrollments, Linked);
        Registrations = new MemoryRegistrations(Operations);
        Leaves = new MemoryLeaves(Enrollments);
        Enrollments.Leaves = Leaves;
        Compose();
    }

    public static TpmIdentityKeys TpmKeys { get; } = new(new byte[TpmIdentityKeys.SecretLength]);

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public MemoryHub[] Hubs { get; }

    public MemoryEnrollments Enrollments { get; } = new();

    public LinkedHubs Linked { get; }

    public MemoryLeaves Leaves { get; }

    public MemoryAuthority Authority { get; } = new();

    public MemoryDrains Drains { get; } = new();

    public MemoryOperations Operations { get; } = new();

    public MemoryRegistrations Registrations { get; }

    public MemoryAllocation Custom { get; } = new();

    public ConcurrentQueue<Refusal> Notes { get; } = [];

    /// <summary>Why registrations failed, as the operator is told.</summary>
    public ConcurrentQueue<Refusal> Failures { get; } = [];

    // Tries that found nobody, and questions without an answer.
    private int Waits => Notes.Count + (Custom.Answer.Task.IsCompleted ? 0 : Custom.Questions.Count);

    public MemoryLedger Ledger { get; } = new();

    public DeviceAttestation Attestation { get; }

    public SaveEnrollment Save { get; }

    public DeleteEnrollment Delete { get; }

    public RegisterDevice Register { get; private set; }

    public FindOperation Find { get; private set; }

    public FinishDepartures Departures { get; private set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static RegistrationId Id(string text) => RegistrationId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    public static EnrollmentKey Group(string text) => EnrollmentKey.TryGroup(text, out var key) ? key : throw new ArgumentException(text);

    public static SlotDraft Place(Certificate? certificate) =>
        certificate is null ? new SlotDraft.Empty() : new SlotDraft.Place(certificate);

    public static EnrollmentDraft Individual(string id, Certificate? primary, Certificate? secondary = null) => new()
    {
        Key = EnrollmentKey.Individual(Id(id)),
        Mechanism = new MechanismDraft.X509(HoldsSigners: false, Place(primary), Place(secondary)),
    };

    public static EnrollmentDraft GroupOf(string id, Certificate? primary, Certificate? secondary = null) => new()
    {
        Key = Group(id),
        Mechanism = new MechanismDraft.X509(HoldsSigners: true, Place(primary), Place(secondary)),
    };

    /// <summary>An individual enrollment or, by its key, a group that attests by symmetric key.</summary>
    public static EnrollmentDraft WithKeys(EnrollmentKey key, SymmetricKey? primary = null, SymmetricKey? secondary = null) =>
        new() { Key = key, Mechanism = new MechanismDraft.SymmetricKeys(primary, secondary) };

    public static EnrollmentKey Device(string text) => EnrollmentKey.Individual(Id(text));

    public static SymmetricKey Key(string base64) => SymmetricKey.TryParse(base64, out var key) ? key : throw new ArgumentException(base64);

    public static CertificateChain Chain(TestCertificate leaf, params TestAuthority[] issuers) =>
        CertificateChain.TryCreate(leaf.Der, [.. issuers.Select(issuer => issuer.Own.Der)], out var chain, out var refusal)
            ? chain
            : throw new InvalidOperationException(refusal.Detail);

    public static AuthenticatedDevice Authenticated(string id, CertificateChain chain) =>
        Authenticate.TryByCertificate(Id(id), chain, out var device, out var refusal)
            ? device
            : throw new InvalidOperationException(refusal.Detail);

    public static KeySlots KeysOf(Enrollment enrollment) => Assert.IsType<AttestationMechanism.SymmetricKeys>(enrollment.Mechanism).Slots;

    /// <summary>A token that this key signed, with an hour to live.</summary>
    public DeviceToken Token(SymmetricKey key, TimeSpan? life = null, bool isForDevice = true) => new()
    {
        Expires = Time.GetUtcNow() + (life ?? TimeSpan.FromHours(1)),
        IsForDevice = isForDevice,
        IsSignedBy = candidate => candidate.Span.SequenceEqual(key.Bytes.Span),
    };

    public AuthenticatedDevice Authenticated(string id, SymmetricKey key) =>
        Authenticate.TryByToken(Id(id), new DeviceProof.ByToken(Token(key)), Time.GetUtcNow(), out var device, out var refusal)
            ? device
            : throw new InvalidOperationException(refusal.Detail);

    /// <summary>The service again, on what is stored: everything that was under way in memory is gone.</summary>
    public async Task RestartAsync()
    {
        await _carryOut.DisposeAsync();
        Compose();
    }

    /// <summary>Waits for the task; when it comes to wait for others, lets the time pass that a device waits.</summary>
    public async Task<T> PassingAsync<T>(Task<T> task)
    {
        var before = Waits;
        while (!task.IsCompleted && Waits == before)
        {
            await Task.Yield();
        }

        while (!task.IsCompleted)
        {
            Time.Advance(CarryOutOperation.Patience / 10);
            await Task.Yield();
        }

        return await task;
    }

    /// <summary>Saves the draft, which must be sound. Later ones are created later.</summary>
    public async Task<Enrollment> EnrollAsync(EnrollmentDraft draft)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        return Assert.IsType<SaveOutcome.Saved>(await Save.RunAsync(draft, etag: null, "test", Stop)).Enrollment;
    }

    public Task<AttestationVerdict> AttestAsync(string id, CertificateChain chain) => AttestAsync(Authenticated(id, chain));

    public Task<AttestationVerdict> AttestAsync(string id, SymmetricKey key) => AttestAsync(Authenticated(id, key));

    public async Task<AttestationVerdict> AttestAsync(AuthenticatedDevice device) => Attestation.Attest(
        device, await Enrollments.FindCandidatesAsync(device.RegistrationId, device.Proof, Stop), Time.GetUtcNow());

    public Task<RegistrationOutcome> RegisterAsync(string id, SymmetricKey key) => Register.RunAsync(Authenticated(id, key), payload: null, request: null, Stop);

    public Task<RegistrationOutcome> RegisterAsync(
        string id, CertificateChain chain, JsonElement? payload = null, CertificateSigningRequest? request = null) =>
        PassingAsync(Register.RunAsync(Authenticated(id, chain), payload, request, Stop));

    /// <summary>Asks for an operation as the device that began it.</summary>
    public Task<OperationOutcome> PollAsync(string id, CertificateChain chain, string operationId) =>
        PassingAsync(Find.RunAsync(Authenticated(id, chain), operationId, Stop));

    /// <summary>Registers a device that must be assigned.</summary>
    public async Task<Registration> AssignAsync(string id, CertificateChain chain) =>
        Assert.IsType<RegistrationOutcome.Assigned>(await RegisterAsync(id, chain)).Registration;

    [MemberNotNull(nameof(Register), nameof(Find), nameof(Departures), nameof(_carryOut))]
    private void Compose()
    {
        var policy = new ChainPolicy(new ChainPolicyOptions(), new SignatureCache());
        var gate = new RegistrationGate();
        var plan = new PlanRegistration(Enrollments, Registrations, Ledger, Linked, Attestation, Time);
        var issue = new IssueLeaf(Authority, Leaves, Enrollments, Linked, Attestation, Drains, Time);
        var assign = new AssignDevice(Registrations, Operations, Leaves, Ledger, Linked, (refusal, _) => Failures.Enqueue(refusal));
        var attempt = new AttemptOperation(plan, assign, Custom, Operations, gate, (refusal, _) => Notes.Enqueue(refusal));
        _carryOut = new CarryOutOperation(Operations, attempt, Time);
        Register = new RegisterDevice(plan, issue, new AttestExpired(Enrollments, Authority, Attestation, Time), Registrations, assign, _carryOut);
        Find = new FindOperation(Registrations, Operations, Enrollments, Leaves, Attestation, _carryOut, policy, Time);
        Departures = new FinishDepartures(Operations, Registrations, Linked, gate);
    }
}
