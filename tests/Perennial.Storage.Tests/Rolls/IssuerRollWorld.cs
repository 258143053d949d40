using System.Globalization;
using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Retirement;
using Perennial.Rolling.Rolls;
using Perennial.Rolling.Sightings;
using Perennial.Server.Rolls;
using Perennial.Storage.Tests.Suites;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Rolls;

/// <summary>An issuing authority that is rolled to a prepared one, on one database, the group that trusts it, and the devices that it issued leaves to.</summary>
internal sealed class IssuerRollWorld
{
    public const string Id = "ca-1";
    public const string OldSlot = "ours-1";
    public const string NextSlot = "ours-2";

    private static readonly TestAuthority Old = TestAuthority.CreateRoot("Ours 1");
    private static readonly TestAuthority Next = TestAuthority.CreateRoot("Ours 2");

    private readonly Stores _stores;
    private readonly AdvanceRoll _advance;
    private readonly CreateIssuerRoll _create;
    private int _issued;

    public IssuerRollWorld(Stores stores)
    {
        _stores = stores;
        var save = new SaveEnrollment(stores.Enrollments, new NoHubs(), stores.Time);
        var issuers = new RolledIssuers(stores.Issuers, stores.Time);
        Trust = new MoveTrust(stores.Rolls, stores.Enrollments, save, issuers);
        Offers = new RecordedOffers(stores.Time);
        Steer = new SteerRoll(stores.Rolls, stores.Time);
        _create = new CreateIssuerRoll(new CreateRoll(stores.Rolls, stores.Enrollments, stores.Time), issuers, Trust);
        _advance = new AdvanceRoll(
            stores.Rolls, stores.Enrollments, save, new RetireCertificate(stores.Enrollments, stores.Sightings, save), Offers, Trust, new KnownCapacity(), stores.Time);
    }

    public static EnrollmentKey Group { get; } = Samples.Group("line");

    public static Certificate OldCertificate => Old.Certificate;

    public static Certificate NextCertificate => Next.Certificate;

    public RecordedOffers Offers { get; }

    public SteerRoll Steer { get; }

    public MoveTrust Trust { get; }

    public DateTimeOffset Now => _stores.Time.GetUtcNow();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Makes both authorities, and the group that trusts the old one.</summary>
    public async Task PrepareAsync()
    {
        await _stores.Enrollments.SaveAsync(Samples.GroupOf(Group.Id, "1", Old.Certificate), null, "test", Stop);
        Assert.True(await _stores.Issuers.TrySaveAsync([Slot(OldSlot, Old, IssuerState.Active), Slot(NextSlot, Next, IssuerState.Prepared)], "test", "a test", Stop));
    }

    public Task<RollOutcome> PlanAsync(RollPlan plan) => _create.RunAsync(Id, "ours", RollReason.Expiration, plan, "test", Stop);

    /// <summary>Has an authority issue a device its next leaf.</summary>
    public async Task<TestCertificate> IssueAsync(string device, string slot, DateTimeOffset? notAfter = null)
    {
        var leaf = (slot == NextSlot ? Next : Old).IssueLeaf(device, new TestCertificateOptions { NotAfter = notAfter ?? Now.AddDays(90) });
        var intent = Intent(device, slot, leaf.Certificate);
        Assert.True(await _stores.Journal.TryIntendAsync(intent, Stop));
        await _stores.Journal.CompleteAsync(intent, leaf.Certificate, Now, Stop);
        return leaf;
    }

    /// <summary>Writes that a leaf was to be issued, and was given up.</summary>
    public async Task AbandonAsync(string device)
    {
        var intent = Intent(device, OldSlot, Old.IssueLeaf(device).Certificate);
        Assert.True(await _stores.Journal.TryIntendAsync(intent, Stop));
        await _stores.Journal.AbandonAsync(intent, "a test", Stop);
    }

    /// <summary>A device is accepted with a leaf.</summary>
    public Task UseAsync(string device, TestCertificate leaf)
    {
        _stores.Time.Advance(TimeSpan.FromSeconds(1));
        var isOld = leaf.Certificate.IsSignedBy(Old.Certificate);
        return _stores.Sightings.RecordAsync(
            new Sighting
            {
                Device = device,
                Path = SightingPath.Provisioning,
                At = Now,
                Chain = Samples.Chain(leaf),
                Match = new SightingMatch(Group, isOld ? Provisioning.Enrollments.Slot.Primary : Provisioning.Enrollments.Slot.Secondary, (isOld ? Old : Next).Certificate.Thumbprint),
            },
            Stop);
    }

    /// <summary>A device obtains a leaf of the old authority and registers with it.</summary>
    public async Task<TestCertificate> JoinAsync(string device, DateTimeOffset? notAfter = null)
    {
        var leaf = await IssueAsync(device, OldSlot, notAfter);
        await _stores.Registrations.TryCommitAsync(Samples.Registration(device, "1", Group, leaf.Certificate), null, [], Stop);
        await UseAsync(device, leaf);
        return leaf;
    }

    public async Task<Roll> RollAsync() => (await _stores.Rolls.FindAsync(Id, Stop))!;

    public async Task<RollFacts> FactsAsync() => await _stores.Rolls.ReadFactsAsync(await RollAsync(), Offers.IsConnected, Now, Stop);

    public async Task<IReadOnlyList<RollDevice>> DevicesAsync() =>
        (await _stores.Rolls.ListDevicesAsync(await RollAsync(), onlyOpen: false, new Provisioning.PageRequest(null, 1000), Now, Stop)).Items;

    public Task<RollStep?> StepAsync() => _advance.RunAsync(Id, Stop);

    /// <summary>Steps until the planner waits or the roll is over.</summary>
    public async Task RunAsync()
    {
        for (var i = 0; i < 100; i++)
        {
            if (await StepAsync() is null or RollStep.Wait or RollStep.Halt or RollStep.Retire)
            {
                return;
            }
        }
    }

    /// <summary>What the group holds, the primary first.</summary>
    public async Task<IReadOnlyList<Thumbprint>> HeldAsync() =>
        [.. (await _stores.Enrollments.FindAsync(Group, Stop))!.Mechanism.Certificates.Select(filled => filled.Certificate.Thumbprint)];

    private IssuanceIntent Intent(string device, string slot, Certificate leaf) => new()
    {
        SlotId = slot,
        SerialNumber = (++_issued).ToString("X8", CultureInfo.InvariantCulture),
        ProfileName = "lamps",
        CommonName = device,
        KeyThumbprint = leaf.KeyThumbprint,
        Planned = new byte[] { 1 },
        NotAfter = leaf.NotAfter,
        Actor = $"device {device}",
        At = Now,
    };

    private IssuerSlot Slot(string id, TestAuthority authority, IssuerState state) => new()
    {
        Id = id,
        IssuerName = "ours",
        State = state,
        Key = KeyAddress.OfFile($"{id}.key"),
        KeyThumbprint = authority.Certificate.KeyThumbprint,
        Certificate = authority.Certificate,
        Created = Now,
        Since = Now,
    };
}
