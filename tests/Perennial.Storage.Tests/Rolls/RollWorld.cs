using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Retirement;
using Perennial.Rolling.Rolls;
using Perennial.Rolling.Sightings;
using Perennial.Server.Rolls;
using Perennial.Storage.Tests.Suites;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Rolls;

/// <summary>A group whose signing certificate is rolled, on one database, and its devices.</summary>
internal sealed class RollWorld
{
    public const string Id = "roll-1";

    private static readonly TestAuthority Old = TestAuthority.CreateRoot("Old");
    private static readonly TestAuthority New = TestAuthority.CreateRoot("New");
    private static readonly TestCertificate Leaf = Old.IssueLeaf("any");

    /// <summary>When the leaf ends that devices of the group come with.</summary>
    public static DateTimeOffset LeafEnd => Leaf.Certificate.NotAfter;

    private readonly Dictionary<string, Thumbprint> _last = [];
    private readonly Stores _stores;
    private readonly SaveEnrollment _save;

    public RollWorld(Stores stores)
    {
        _stores = stores;
        _save = new SaveEnrollment(stores.Enrollments, new NoHubs(), stores.Time);
        Offers = new RecordedOffers(stores.Time);
        Steer = new SteerRoll(stores.Rolls, stores.Time);
        Create = new CreateRoll(stores.Rolls, stores.Enrollments, stores.Time);
        Advance = new AdvanceRoll(
            stores.Rolls, stores.Enrollments, _save, new RetireCertificate(stores.Enrollments, stores.Sightings, _save), Offers, new MoveTrust(stores.Rolls, stores.Enrollments, _save, new RolledIssuers(stores.Issuers, stores.Time)), Capacity, stores.Time);
    }

    /// <summary>How the group says that its devices are told.</summary>
    public RollOffer? Offer { get; init; }

    public RecordedOffers Offers { get; }

    public KnownCapacity Capacity { get; } = new();

    public SteerRoll Steer { get; }

    public CreateRoll Create { get; }

    public AdvanceRoll Advance { get; }

    public static EnrollmentKey Group { get; } = Samples.Group("line");

    public static Thumbprint OldAnchor => Old.Certificate.Thumbprint;

    public static Thumbprint NewAnchor => New.Certificate.Thumbprint;

    public static Certificate NewCertificate => New.Certificate;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public DateTimeOffset Now => _stores.Time.GetUtcNow();

    /// <summary>Stages the new certificate, registers devices with the old one, and starts the roll.</summary>
    public async Task StartAsync(RollPlan plan, params string[] devices)
    {
        await PlanAsync(plan, devices);
        Assert.IsType<RollOutcome.Done>(await Steer.StartAsync(Id, "a test", "test", Stop));
    }

    /// <summary>Stages the new certificate, registers devices with the old one, and plans the roll.</summary>
    public async Task PlanAsync(RollPlan plan, params string[] devices)
    {
        await _stores.Enrollments.SaveAsync(Samples.GroupOf(Group.Id, "1", Old.Certificate, New.Certificate) with { RollOffer = Offer }, null, "test", Stop);
        foreach (var device in devices)
        {
            await JoinAsync(device);
        }

        Assert.IsType<RollOutcome.Done>(await Create.OfGroupAsync(Id, Group, Slot.Primary, RollReason.Expiration, plan, "test", Stop));
    }

    public Task<RollOutcome> PlanAgainAsync(RollPlan plan) => Create.OfGroupAsync(Id, Group, Slot.Primary, RollReason.Expiration, plan, "ann", Stop);

    /// <summary>A device registers with the old certificate.</summary>
    public async Task JoinAsync(string device)
    {
        await _stores.Registrations.TryCommitAsync(Samples.Registration(device, "1", Group, Leaf.Certificate), null, [], Stop);
        await UseAsync(device, OldAnchor);
    }

    /// <summary>What a device was last seen with.</summary>
    public Thumbprint LastOf(string device) => _last.GetValueOrDefault(device, OldAnchor);

    public Task UseAsync(string device, Thumbprint anchor)
    {
        _last[device] = anchor;
        return _stores.Sightings.RecordAsync(SightingOf(device, anchor), Stop);
    }

    private Sighting SightingOf(string device, Thumbprint anchor) =>
        new()
        {
            Device = device,
            Path = SightingPath.Provisioning,
            At = Now,
            Chain = Samples.Chain(Leaf),
            Match = new SightingMatch(Group, anchor == OldAnchor ? Slot.Primary : Slot.Secondary, anchor),
        };

    /// <summary>Enrolls a device by itself with both leaves, registers it with the old one, and starts the roll of its leaf.</summary>
    /// <returns>The new leaf.</returns>
    public async Task<TestCertificate> StartOfLeafAsync(RollPlan plan, string device)
    {
        var (old, new_) = (Old.IssueLeaf(device), New.IssueLeaf(device));
        await _stores.Enrollments.SaveAsync(Samples.Individual(device, "1", old.Certificate, new_.Certificate), null, "test", Stop);
        var key = Samples.Individual(device, "1", old.Certificate).Key;
        await _stores.Registrations.TryCommitAsync(Samples.Registration(device, "1", key, old.Certificate), null, [], Stop);
        await UseLeafAsync(device, old, Slot.Primary);
        Assert.True(RegistrationId.TryParse(device, out var id));
        Assert.IsType<RollOutcome.Done>(await Create.OfLeavesAsync(Id, [id], Slot.Primary, RollReason.Expiration, plan, "test", Stop));
        Assert.IsType<RollOutcome.Done>(await Steer.StartAsync(Id, "a test", "test", Stop));
        return new_;
    }

    public Task UseLeafAsync(string device, TestCertificate leaf, Slot slot) => _stores.Sightings.RecordAsync(
        new Sighting
        {
            Device = device,
            Path = SightingPath.Provisioning,
            At = Now,
            Chain = Samples.Chain(leaf),
            Match = new SightingMatch(Samples.Individual(device, "1", leaf.Certificate).Key, slot, leaf.Certificate.Thumbprint),
        },
        Stop);

    /// <summary>How many leaves the enrollment of a device holds.</summary>
    public async Task<int> LeavesAsync(string device) =>
        RegistrationId.TryParse(device, out var id)
            ? (await _stores.Enrollments.FindAsync(EnrollmentKey.Individual(id), Stop))!.Mechanism.Certificates.Count()
            : 0;

    public Task RefuseAsync(string device, RefusalReason? reason = null) => _stores.Sightings.RecordAsync(
        new Sighting { Device = device, Path = SightingPath.Hub, At = Now, Refusal = new Refusal(reason ?? AttestationRefusals.NotEnrolled, "no") }, Stop);

    public async Task<Roll> RollAsync() => (await _stores.Rolls.FindAsync(Id, Stop))!;

    public Task<RollStep?> TickAsync() => Advance.RunAsync(Id, Stop);

    public async Task<bool> HoldsOldAsync() =>
        (await _stores.Enrollments.FindAsync(Group, Stop))!.Mechanism.Certificates.Any(filled => filled.Certificate.Thumbprint == OldAnchor);

    public async Task<bool> HoldsNewAsync() =>
        (await _stores.Enrollments.FindAsync(Group, Stop))!.Mechanism.Certificates.Any(filled => filled.Certificate.Thumbprint == NewAnchor);

    public async Task<IReadOnlyList<RollDevice>> DevicesAsync(bool onlyOpen = false) =>
        (await _stores.Rolls.ListDevicesAsync(await RollAsync(), onlyOpen, new Provisioning.PageRequest(null, 1000), Now, Stop)).Items;

    public void Pass(TimeSpan time) => _stores.Time.Advance(time);

    /// <summary>Steps until the planner waits or the roll is over.</summary>
    public async Task<RollStep?> RunAsync()
    {
        for (var i = 0; i < 100; i++)
        {
            if (await TickAsync() is null or RollStep.Wait or RollStep.Halt or RollStep.Retire)
            {
                break;
            }
        }

        return await TickAsync();
    }
}
