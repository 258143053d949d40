using Perennial.Authority.Issuers;
using Perennial.Hub.Devices;
using Perennial.Provisioning.CaCertificates;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;
using Perennial.Storage.Tests.Rolls;
using Perennial.TestCertificates;

namespace Perennial.Storage.Tests.Suites;

/// <summary>How rolls of an issuing authority go, on every database.</summary>
public abstract class IssuerRollSuite(Func<SqlStores> open)
{
    private static readonly RollPlan Quick = new() { CanarySize = 1, WaveSize = 10, RatePerMinute = 60, Soak = TimeSpan.Zero, Gate = 0.5 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_devices_are_those_that_hold_leaves_of_the_old_authority_which_are_not_over()
    {
        await using var stores = open();
        var world = new IssuerRollWorld(stores);
        await world.PrepareAsync();
        await world.JoinAsync("d2");
        await world.JoinAsync("D1", world.Now.AddDays(30));
        await world.IssueAsync("never-seen", IssuerRollWorld.OldSlot);
        await world.IssueAsync("ended", IssuerRollWorld.OldSlot, world.Now.AddMinutes(-1));
        await world.IssueAsync("elsewhere", "theirs-1");
        await world.AbandonAsync("abandoned");
        Assert.IsType<RollOutcome.Done>(await world.PlanAsync(Quick with { Canary = ["d2"] }));
        Assert.Equal(["d1", "d2", "never-seen"], (await world.DevicesAsync()).Select(device => device.Device));

        var facts = await world.FactsAsync();
        Assert.Equal((1, 3, 3), (facts.Devices, facts.Open, facts.Pending));
        var progress = await stores.Rolls.ReadProgressAsync(await world.RollAsync(), world.Now, Stop);
        Assert.Equal((3, 3, 0), (progress.Devices, progress.Open, progress.Moved));
        Assert.Equal((await world.DevicesAsync()).Max(device => device.LeafEnd), progress.LastEnd);

        // What ends holds the overlap open no longer, and what is obtained later is found.
        stores.Time.Advance(TimeSpan.FromDays(31));
        Assert.Equal((2, 2), ((await world.FactsAsync()).Open, (await world.FactsAsync()).Pending));
        await world.JoinAsync("later");
        await stores.Rolls.GatherAsync(await world.RollAsync(), all: false, Stop);
        Assert.Equal(["d1", "d2", "later", "never-seen"], (await world.DevicesAsync()).Select(device => device.Device));
    }

    [Fact]
    public async Task Trust_moves_before_the_new_authority_issues_and_a_device_moves_by_a_leaf_of_it_only()
    {
        await using var stores = open();
        var world = new IssuerRollWorld(stores);
        await world.PrepareAsync();
        await world.JoinAsync("d1");
        Assert.IsType<RollOutcome.Done>(await world.PlanAsync(Quick));
        Assert.IsType<RollOutcome.Done>(await world.Steer.StartAsync(IssuerRollWorld.Id, "a test", "test", Stop));
        Assert.IsType<RollStep.Stage>(await world.StepAsync());
        Assert.Equal([IssuerRollWorld.OldCertificate.Thumbprint, IssuerRollWorld.NextCertificate.Thumbprint], await world.HeldAsync());
        Assert.Equal(IssuerRollWorld.OldSlot, (await stores.Issuers.FindActiveAsync("ours", Stop))!.Id);
        Assert.IsType<RollStep.Issue>(await world.StepAsync());
        Assert.Equal(IssuerRollWorld.NextSlot, (await stores.Issuers.FindActiveAsync("ours", Stop))!.Id);
        Assert.Empty(world.Offers.Sent);
        await world.RunAsync();
        Assert.Equal(["d1"], world.Offers.Sent.Select(sent => sent.Device));

        // Another leaf of the old authority moves nobody, and holds the overlap open for longer.
        await world.UseAsync("d1", await world.IssueAsync("d1", IssuerRollWorld.OldSlot, world.Now.AddDays(200)));
        var held = Assert.Single(await world.DevicesAsync());
        Assert.Equal((false, world.Now.AddSeconds(-1).AddDays(200)), (held.IsMoved, held.LeafEnd));

        // A leaf that was obtained moves nobody either, until it is used.
        var leaf = await world.IssueAsync("d1", IssuerRollWorld.NextSlot);
        await world.RunAsync();
        Assert.Equal((1, RollState.Running), ((await world.FactsAsync()).Open, (await world.RollAsync()).State));
        await world.UseAsync("d1", leaf);
        Assert.Equal((0, 1), ((await world.FactsAsync()).Open, (await world.FactsAsync()).Wave.Done));
        await world.RunAsync();
        Assert.Equal(RollState.Completed, (await world.RollAsync()).State);
        Assert.Equal([IssuerRollWorld.NextCertificate.Thumbprint], await world.HeldAsync());
    }

    [Fact]
    public async Task The_groups_that_trust_an_authority_are_found_by_their_slots_and_by_the_ca_certificates_that_they_name()
    {
        await using var stores = open();
        var world = new IssuerRollWorld(stores);
        await world.PrepareAsync();
        var other = TestAuthority.CreateRoot("Other").Certificate;
        var named = new CaCertificate { Name = "theirs", Certificate = other, IsVerified = true, ETag = "1", Created = Samples.At, LastUpdated = Samples.At };
        Assert.True(await stores.CaCertificates.TrySaveAsync(named, null, "save", "op", Stop));
        var reference = new AttestationMechanism.CaReferences(new CaReference("theirs", other, IsVerified: true), null);
        await stores.Enrollments.SaveAsync(Samples.GroupOf("by-name", "1", other) with { Mechanism = reference }, null, "test", Stop);
        Assert.Equal([Samples.Group("by-name")], await stores.Rolls.ListTrustingAsync([other], Stop));
        Assert.Equal([Samples.Group("by-name"), IssuerRollWorld.Group], await stores.Rolls.ListTrustingAsync([other, IssuerRollWorld.OldCertificate], Stop));
        Assert.Equal([IssuerRollWorld.Group], await stores.Rolls.ListTrustingAsync([IssuerRollWorld.OldCertificate], Stop));
        Assert.Empty(await stores.Rolls.ListTrustingAsync([IssuerRollWorld.NextCertificate], Stop));
        Assert.Empty(await stores.Rolls.ListTrustingAsync([], Stop));
    }

    [Fact]
    public async Task A_new_authority_that_stands_in_another_group_is_told_when_the_roll_is_planned_and_halts_one_that_runs()
    {
        await using var stores = open();
        var world = new IssuerRollWorld(stores);
        await world.PrepareAsync();
        await world.JoinAsync("d1");
        Assert.IsType<RollOutcome.Done>(await world.PlanAsync(Quick));
        Assert.IsType<RollOutcome.Done>(await world.Steer.StartAsync(IssuerRollWorld.Id, "a test", "test", Stop));
        await stores.Enrollments.SaveAsync(Samples.GroupOf("other", "1", IssuerRollWorld.NextCertificate), null, "test", Stop);
        const string Fault = "The enrollment group 'line' is to trust the certificate 'CN=Ours 2', which stands in the enrollment group 'other' already. Take it out there first.";
        await world.RunAsync();
        Assert.Equal((RollState.Paused, Fault), ((await world.RollAsync()).State, (await world.RollAsync()).HaltReason));
        await world.Steer.AbortAsync(IssuerRollWorld.Id, "test", Stop);
        Assert.Equal(Fault, Assert.IsType<RollOutcome.Invalid>(await world.PlanAsync(Quick)).Sentence);
    }

    [Fact]
    public async Task A_rehearsal_sees_its_devices_with_the_enrollment_that_they_come_by_and_until_when_they_hold_the_overlap_open()
    {
        await using var stores = open();
        var world = new IssuerRollWorld(stores);
        await world.PrepareAsync();
        var first = await world.JoinAsync("d1", world.Now.AddDays(30));
        await world.IssueAsync("d1", IssuerRollWorld.OldSlot, world.Now.AddDays(60));
        await world.UseAsync("d1", first);
        var own = await world.JoinAsync("d2");
        await stores.Enrollments.SaveAsync(Samples.Individual("d2", "1", own.Certificate), null, "test", Stop);
        await world.JoinAsync("d3");
        await stores.Devices("west").TryCreateAsync(HubSamples.Device("d2", credential: DeviceCredential.Thumbprints.Of(own.Certificate.Thumbprint)), "test", Stop);
        var follows = new DeviceCredential.FollowsEnrollment("d3", new EnrollmentReference(IsGroup: true, IssuerRollWorld.Group.Id), first.Certificate.Thumbprint);
        await stores.Devices("west").TryCreateAsync(HubSamples.Device("d3", credential: follows), "test", Stop);
        await world.IssueAsync("never-seen", IssuerRollWorld.OldSlot);
        Assert.IsType<RollOutcome.Done>(await world.PlanAsync(Quick));
        await world.UseAsync("d3", await world.IssueAsync("d3", IssuerRollWorld.NextSlot, world.Now.AddDays(300)));
        await world.Steer.WaiveAsync(IssuerRollWorld.Id, "d2", "scrapped", "test", Stop);

        var members = await stores.SeenMembersAsync(await world.RollAsync(), Stop);
        Assert.Equal(["d1", "d2", "d3", "never-seen"], members.Select(member => member.Device));
        Assert.Equal([IssuerRollWorld.Group, Samples.Individual("d2", "1", own.Certificate).Key, IssuerRollWorld.Group, null], members.Select(member => member.Enrollment));
        Assert.Equal([false, false, true, false], members.Select(member => member.IsMoved));
        Assert.Equal([false, true, false, false], members.Select(member => member.IsWaived));
        Assert.Equal([false, false, true, false], members.Select(member => member.IsFollowed));
        Assert.Equal(first.Certificate.Thumbprint, members[0].Leaf);
        Assert.Equal((Samples.At.AddDays(60).AddSeconds(1), Samples.At.AddDays(30)), (members[0].HoldsUntil, members[0].LeafEnd));
        Assert.True(members[2].LeafEnd > members[2].HoldsUntil);
        Assert.Equal((null, null), (members[3].Shape, members[3].Seen));
        Assert.Equal(2, members[0].Contacts.Count);
    }

    [Fact]
    public async Task An_authority_that_cannot_issue_halts_the_roll()
    {
        await using var stores = open();
        var world = new IssuerRollWorld(stores);
        await world.PrepareAsync();
        await world.JoinAsync("d1");
        Assert.IsType<RollOutcome.Done>(await world.PlanAsync(Quick));
        Assert.IsType<RollOutcome.Done>(await world.Steer.StartAsync(IssuerRollWorld.Id, "a test", "test", Stop));
        var next = (await stores.Issuers.FindAsync(IssuerRollWorld.NextSlot, Stop))!;
        Assert.True(await stores.Issuers.TrySaveAsync([next with { State = IssuerState.Revoked }], "test", "its key is lost", Stop));
        await world.RunAsync();
        Assert.Contains("cannot issue", (await world.RollAsync()).HaltReason, StringComparison.Ordinal);
    }
}
