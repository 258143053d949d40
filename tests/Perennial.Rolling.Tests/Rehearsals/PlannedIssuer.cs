using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Rolling.Tests.Rehearsals;

/// <summary>A planned roll of an issuing authority. As it is made it is a good plan; a test makes one thing of it bad.</summary>
internal sealed record PlannedIssuer
{
    private static readonly TestCertificateOptions Present = new() { NotBefore = Start.AddDays(-30), NotAfter = Start.AddDays(60) };

    private static readonly ChainPolicy Policy = new(new ChainPolicyOptions(), new SignatureCache());

    private static readonly DeviceAttestation Attestation = new(Policy, new TpmIdentityKeys(new byte[TpmIdentityKeys.SecretLength]));

    public static DateTimeOffset Start => Planned.Start;

    /// <summary>The issuing authority first, its root last.</summary>
    public IReadOnlyList<TestAuthority> Old { get; init; } = Authority("1", Planned.TwoYears);

    /// <summary>The issuing authority first, its root last.</summary>
    public IReadOnlyList<TestAuthority> Next { get; init; } = Authority("2", Planned.TwoYears with { NotAfter = Start.AddYears(9) });

    /// <summary>What the group trusts; null for the old authority.</summary>
    public CertificateSlots? Trusts { get; init; }

    public bool IsEnabled { get; init; } = true;

    /// <summary>Whether the present leaves count by their record, and not below a certificate of the group.</summary>
    public bool StandsAlone { get; init; }

    /// <summary>What saving the group would come to.</summary>
    public EnrollmentWrite Saving { get; init; } = new EnrollmentWrite.Saved();

    public string? IssueFault { get; init; }

    public RollReason Reason { get; init; } = RollReason.Expiration;

    public RollPlan Plan { get; init; } = new Planned().Plan;

    /// <summary>Changes the leaf that the new authority issues.</summary>
    public Func<TestCertificateOptions, TestCertificateOptions> Leaf { get; init; } = leaf => leaf;

    public NewLeaf NewLeaf { get; init; } = new() { Validity = TimeSpan.FromDays(90), IssuerEnd = Start.AddYears(9), IsIssuedHere = true };

    public Func<ChainProspect, ChainProspect> Prospect { get; init; } = prospect => prospect;

    public Capacities Capacities { get; init; } = new();

    public int Devices { get; init; } = 200;

    /// <summary>Changes devices by their number.</summary>
    public Func<int, RehearsedDevice, RehearsedDevice> Each { get; init; } = (_, device) => device;

    public static IReadOnlyList<TestAuthority> Authority(string name, TestCertificateOptions options)
    {
        var root = TestAuthority.CreateRoot($"Root {name}", options);
        return [root.CreateIntermediate($"Issuing {name}", options), root];
    }

    public async Task<RehearsalResult> RehearseAsync() => await RehearseRoll.RunAsync(await SceneAsync(), _ => { }, TestContext.Current.CancellationToken);

    public async Task<RehearsalScene> SceneAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        var (old, next) = (Of("slot-1", Old, isIssuing: true), Of("slot-2", Next, isIssuing: false));
        var group = new Enrollment
        {
            Key = Planned.Group,
            Mechanism = new AttestationMechanism.Signers(Trusts ?? new CertificateSlots(old.Own, null)),
            CredentialPolicy = "lamps",
            IsEnabled = IsEnabled,
            ETag = "1",
            Created = Start,
            LastUpdated = Start,
        };
        using var present = Old[0].IssueLeaf("device-000", Present);
        using var made = Next[0].IssueLeaf("device-000", Leaf(new() { NotBefore = Start.AddMinutes(-5), NotAfter = Start.AddDays(90) }));
        var (presented, specimen) = (ChainOf(present.Certificate, Old), ChainOf(made.Certificate, Next));
        var store = new OneGroup(group) { Saving = Saving, Issued = StandsAlone ? Record(presented, group.Key) : null };
        var moved = await new MoveTrust(store, store, new SaveEnrollment(store, store, TimeProvider.System), new NoIssuers()).ForeseeAsync(old, next, stop);
        var prospect = await new JudgeIssued(store, new JudgeChain(store, Attestation, TimeSpan.FromMinutes(5)), Attestation).RunAsync(
            $"the {group.Key}",
            group,
            new PresentedChain(Device0, presented, "hub"),
            new Specimen(specimen, "device-000", JudgeProspect.BytesOf(specimen)),
            moved,
            Start,
            stop);
        return new RehearsalScene
        {
            Roll = Roll(old, next),
            Enrollments = moved.Staged.Count > 0 ? [group] : [],
            Issuers = new RehearsedIssuers(old, next) { Fault = moved.Fault, IssueFault = IssueFault },
            Leaf = new NewLeaf(),
            Start = Start,
            Capacities = Capacities,
            Devices = [.. Enumerable.Range(0, Devices).Select(i => Each(i, Device(i, Prospect(prospect with { Leaf = NewLeaf }))))],
        };
    }

    private static RegistrationId Device0 => RegistrationId.TryParse("device-000", out var id) ? id : throw new InvalidOperationException();

    private Roll Roll(RolledIssuer old, RolledIssuer next) => new()
    {
        Id = "spring",
        Kind = RollKind.IssuingCa,
        Reason = Reason,
        Plan = Plan,
        State = RollState.Draft,
        Issuer = "ours",
        OldIssuer = old.Slot,
        NewIssuer = next.Slot,
        Old = old.Own.Thumbprint,
        New = next.Own.Thumbprint,
        Created = Start,
    };

    private static RolledIssuer Of(string slot, IReadOnlyList<TestAuthority> authorities, bool isIssuing) => new(slot, [.. authorities.Select(authority => authority.Certificate)], isIssuing);

    private static IssuedLeaf Record(CertificateChain chain, EnrollmentKey group) => new()
    {
        Thumbprint = chain.Leaf.Thumbprint,
        Enrollment = group,
        RegistrationId = Device0,
        Chain = [chain.Leaf, .. chain.Issuers],
        Request = chain.Leaf.KeyThumbprint,
        StandsAlone = true,
        Issued = Start.AddDays(-30),
    };

    private static RehearsedDevice Device(int number, ChainProspect prospect) => new()
    {
        Device = $"device-{number:000}",
        Prospect = prospect,
        LeafEnd = Present.NotAfter,
        HoldsUntil = Present.NotAfter,
        Rhythm = new Rhythm([TimeSpan.FromMinutes(30 + (number % 7)), TimeSpan.FromMinutes(45)]),
        Seen = Start.AddMinutes(-(number % 30)),
        IsGone = prospect.IsRefusedNow,
    };

    private static CertificateChain ChainOf(Certificate leaf, IReadOnlyList<TestAuthority> authorities) =>
        CertificateChain.TryCreate(leaf, [.. authorities.Take(2).Select(authority => authority.Certificate)], out var chain, out var refusal) ? chain : throw new InvalidOperationException(refusal.Detail);
}
