using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Rolling.Tests.Rehearsals;

/// <summary>A planned roll of a group's signing certificate. As it is made it is a good plan; a test makes one thing of it bad.</summary>
internal sealed record Planned
{
    public static readonly DateTimeOffset Start = new(2030, 1, 7, 8, 0, 0, TimeSpan.Zero);

    public static readonly TestCertificateOptions TwoYears = new() { NotBefore = Start.AddYears(-1), NotAfter = Start.AddYears(2) };

    private static readonly TestCertificateOptions Leaf = new() { NotBefore = Start.AddDays(-60), NotAfter = Start.AddDays(300) };

    private static readonly ChainPolicy Policy = new(new ChainPolicyOptions(), new SignatureCache());

    private static readonly DeviceAttestation Attestation = new(Policy, new TpmIdentityKeys(new byte[TpmIdentityKeys.SecretLength]));

    public TestAuthority Old { get; init; } = TestAuthority.CreateRoot("Old", TwoYears);

    public TestAuthority New { get; init; } = TestAuthority.CreateRoot("New", TwoYears with { NotAfter = Start.AddYears(9) });

    /// <summary>What the group's other slot holds; null for the certificate of <see cref="New"/>.</summary>
    public Certificate? Staged { get; init; }

    public bool IsEnabled { get; init; } = true;

    public RollReason Reason { get; init; } = RollReason.Expiration;

    public RollPlan Plan { get; init; } = new() { CanarySize = 3, WaveSize = 50, RatePerMinute = 60, Soak = TimeSpan.FromHours(2), OfferWindow = TimeSpan.FromDays(1) };

    /// <summary>The chain that a device will present, leaf first; null for a leaf below <see cref="New"/>.</summary>
    public IReadOnlyList<Certificate>? Specimen { get; init; }

    /// <summary>The chain that devices present now; null for a leaf below <see cref="Old"/>.</summary>
    public IReadOnlyList<Certificate>? Present { get; init; }

    public NewLeaf NewLeaf { get; init; } = new() { Validity = TimeSpan.FromDays(365), IssuerEnd = Start.AddYears(9), IsIssuedHere = true };

    public Capacities Capacities { get; init; } = new();

    public int Devices { get; init; } = 200;

    /// <summary>Changes devices by their number.</summary>
    public Func<int, RehearsedDevice, RehearsedDevice> Each { get; init; } = (_, device) => device;

    public static EnrollmentKey Group { get; } = EnrollmentKey.TryGroup("line", out var key) ? key : throw new InvalidOperationException();

    public async Task<RehearsalResult> RehearseAsync() => await RehearseRoll.RunAsync(await SceneAsync(), _ => { }, TestContext.Current.CancellationToken);

    public async Task<RehearsalScene> SceneAsync()
    {
        var (staged, leaf) = (Staged ?? New.Certificate, Leaf);
        var group = new Enrollment
        {
            Key = Group,
            Mechanism = new AttestationMechanism.Signers(new CertificateSlots(Old.Certificate, staged)),
            IsEnabled = IsEnabled,
            ETag = "1",
            Created = Start,
            LastUpdated = Start,
        };
        var roll = new Roll
        {
            Id = "spring",
            Kind = RollKind.SigningCertificate,
            Reason = Reason,
            Plan = Plan,
            State = RollState.Draft,
            Group = Group,
            Old = Old.Certificate.Thumbprint,
            New = New.Certificate.Thumbprint,
            Created = Start,
        };
        var store = new OneGroup(group);
        var judge = new JudgeProspect(store, new JudgeChain(store, Attestation, TimeSpan.FromMinutes(5)), Attestation);
        using var present = Old.IssueLeaf("device-000", leaf);
        using var made = New.IssueLeaf("device-000", leaf with { NotBefore = Start.AddMinutes(-5), NotAfter = Start.AddDays(365) });
        var chain = ChainOf(Present ?? [present.Certificate]);
        var specimen = ChainOf(Specimen ?? [made.Certificate]);
        var name = specimen.Leaf.TryGetCommonName(out var common, out _) ? common.Value : "";
        var prospect = await judge.RunAsync(
            roll,
            group,
            "the present authority",
            new PresentedChain(RegistrationId.TryParse("device-000", out var id) ? id : throw new InvalidOperationException(), chain, "hub"),
            new Specimen(specimen, name, JudgeProspect.BytesOf(specimen)),
            Start,
            TestContext.Current.CancellationToken);
        return new RehearsalScene
        {
            Roll = roll,
            Enrollments = [group],
            Leaf = NewLeaf with { ForeignName = name.StartsWith("device-", StringComparison.Ordinal) ? null : name },
            Start = Start,
            Capacities = Capacities,
            Devices = [.. Enumerable.Range(0, Devices).Select(i => Each(i, Device(i, prospect, leaf.NotAfter)))],
        };
    }

    private static RehearsedDevice Device(int number, ChainProspect prospect, DateTimeOffset leafEnd) => new()
    {
        Device = $"device-{number:000}",
        Prospect = prospect,
        LeafEnd = leafEnd,
        Rhythm = new Rhythm([TimeSpan.FromMinutes(30 + (number % 7)), TimeSpan.FromMinutes(45)]),
        Seen = Start.AddMinutes(-(number % 30)),
    };

    private static CertificateChain ChainOf(IReadOnlyList<Certificate> certificates) =>
        CertificateChain.TryCreate(certificates[0], [.. certificates.Skip(1)], out var chain, out var refusal) ? chain : throw new InvalidOperationException(refusal.Detail);
}
