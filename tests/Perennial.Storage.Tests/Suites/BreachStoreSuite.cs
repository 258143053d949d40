using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Breaches;
using Perennial.Rolling.Sightings;
using Perennial.TestCertificates;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of breaches does, and how far a breach is by what is stored.</summary>
public abstract class BreachStoreSuite(Stores stores) : IAsyncDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly TestAuthority _next = TestAuthority.CreateRoot("Next Root");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FollowBreach Follow => new(stores.Breaches, stores.Enrollments, stores.Blocks, stores.Drains, stores.Chains, stores.Time);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _root.Dispose();
        _next.Dispose();
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task A_breach_comes_back_as_it_was_written()
    {
        using var leaf = _root.IssueLeaf("Dev-01");
        var ofGroup = Case("a", BreachProcedure.Root);
        var ofDevice = Case("b", BreachProcedure.IndividualLeaf) with
        {
            Enrollment = EnrollmentKey.Individual(Samples.Id("Dev-01")),
            Device = "Dev-01",
            Compromised = leaf.Certificate,
        };
        foreach (var breach in new[] { ofGroup, ofDevice })
        {
            await stores.Breaches.OpenAsync(breach, Stop);
            var found = await stores.Breaches.FindAsync(breach.Id, Stop);
            Assert.Equal(breach.Compromised.Thumbprint, found!.Compromised.Thumbprint);
            Assert.Equal(breach, found with { Compromised = breach.Compromised });
        }

        Assert.Null(await stores.Breaches.FindAsync("c", Stop));
    }

    [Fact]
    public async Task Breaches_are_listed_by_pages_those_that_are_open_first_and_the_newest_of_each_before_the_others()
    {
        foreach (var (id, minutes) in new[] { ("a", 0), ("b", 1), ("c", 2), ("d", 2), ("e", 3) })
        {
            await stores.Breaches.OpenAsync(Case(id, BreachProcedure.Root) with { Enrollment = Samples.Group(id), At = Samples.At.AddMinutes(minutes) }, Stop);
        }

        foreach (var id in new[] { "a", "d", "e" })
        {
            Assert.True(await stores.Breaches.TryCloseAsync(id, "ann", Samples.At.AddMinutes(9), Stop));
        }

        var (ids, after) = (new List<string>(), (string?)null);
        do
        {
            var page = (await stores.Breaches.ListAsync(new PageRequest(after, 2), Stop))!;
            ids.AddRange(page.Items.Select(breach => breach.Id));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(["c", "b", "e", "d", "a"], ids);
        Assert.Null(await stores.Breaches.ListAsync(new PageRequest("elsewhere", 2), Stop));
    }

    [Fact]
    public async Task A_breach_that_is_open_is_opened_once_however_many_open_it_at_a_time()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => stores.Breaches.OpenAsync(Case($"b{i}", BreachProcedure.Root), Stop)));
        var first = Assert.Single(opened.DistinctBy(breach => breach.Id)).Id;
        Assert.Single((await stores.Breaches.ListAsync(new PageRequest(null, 10), Stop))!.Items);
        Assert.Single(stores.Audit());

        var ofDevice = Case("d1", BreachProcedure.GroupLeaf) with { Device = "Dev-01" };
        Assert.Equal("d1", (await stores.Breaches.OpenAsync(ofDevice, Stop)).Id);
        Assert.Equal("d1", (await stores.Breaches.OpenAsync(ofDevice with { Id = "d2", Device = "dev-01" }, Stop)).Id);
        Assert.Equal("d3", (await stores.Breaches.OpenAsync(ofDevice with { Id = "d3", Device = "dev-02" }, Stop)).Id);
        Assert.Equal("e", (await stores.Breaches.OpenAsync(Case("e", BreachProcedure.Root) with { Compromised = _next.Certificate }, Stop)).Id);
        Assert.True(await stores.Breaches.TryCloseAsync(first, "ann", Samples.At.AddMinutes(1), Stop));
        Assert.Equal("again", (await stores.Breaches.OpenAsync(Case("again", BreachProcedure.Root), Stop)).Id);
    }

    [Fact]
    public async Task A_breach_is_closed_once_and_each_write_has_its_audit_row()
    {
        await stores.Breaches.OpenAsync(Case("a", BreachProcedure.Root), Stop);
        Assert.True(await stores.Breaches.TryCloseAsync("a", "ann", Samples.At.AddMinutes(1), Stop));
        Assert.False(await stores.Breaches.TryCloseAsync("a", "bob", Samples.At.AddMinutes(2), Stop));
        Assert.False(await stores.Breaches.TryCloseAsync("b", "bob", Samples.At.AddMinutes(2), Stop));
        Assert.Equal(Samples.At.AddMinutes(1), (await stores.Breaches.FindAsync("a", Stop))!.Closed);
        Assert.Equal(["test breach.open breach 'a' of the enrollment group 'line'", "ann breach.close breach 'a'"], stores.Audit());
        Assert.Contains(_root.Certificate.Thumbprint.ToString(), stores.AuditDetails()[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Users_of_a_certificate_are_the_registered_devices_of_the_enrollment_that_were_last_accepted_by_it()
    {
        var (line, other) = (Samples.Group("Line"), Samples.Group("other"));
        await RegisterAsync("dev-01", line, _root);
        await RegisterAsync("dev-02", line, _root);
        await RegisterAsync("dev-03", line, _next);
        await RegisterAsync("dev-04", other, _root);
        await SeeAsync("dev-05", line, _root);
        Assert.Equal(2, await stores.Breaches.CountUsersAsync(Samples.Group("line"), _root.Certificate.Thumbprint, Stop));
        await SeeAsync("dev-02", line, _next);
        Assert.Equal(1, await stores.Breaches.CountUsersAsync(line, _root.Certificate.Thumbprint, Stop));
    }

    [Fact]
    public async Task Each_procedure_takes_what_it_is_about_and_tells_otherwise_which_one_to_take()
    {
        using var intermediate = _root.CreateIntermediate();
        using var leaf = _root.IssueLeaf("dev-01");
        using var own = TestAuthority.CreateSelfSignedLeaf("dev-02");
        await stores.Enrollments.SaveAsync(Samples.GroupOf("line", "1", _root.Certificate, intermediate.Certificate), null, "test", Stop);
        await stores.Enrollments.SaveAsync(Samples.Individual("dev-02", "1", own.Certificate), null, "test", Stop);
        await RecordAsync("dev-01", Samples.Group("line"), _root, leaf);
        await RecordAsync("dev-02", EnrollmentKey.Individual(Samples.Id("dev-02")), _root, own);

        Assert.Contains("Take the procedure for a root", await RefusedAsync(BreachProcedure.Intermediate, "line"), StringComparison.Ordinal);
        Assert.Contains("Take the procedure for an intermediate", await RefusedAsync(BreachProcedure.Root, "line", Slot.Secondary), StringComparison.Ordinal);
        Assert.Equal("There is no enrollment group 'row'.", await RefusedAsync(BreachProcedure.Root, "row"));
        Assert.Equal("There is no individual enrollment 'line'.", await RefusedAsync(BreachProcedure.IndividualLeaf, "line"));
        Assert.Contains("secondary slot of the individual enrollment 'dev-02' holds no certificate", await RefusedAsync(BreachProcedure.IndividualLeaf, "dev-02", Slot.Secondary), StringComparison.Ordinal);
        Assert.Contains("No certificate of a device 'dev-09' was ever accepted", await RefusedAsync(BreachProcedure.GroupLeaf, "dev-09"), StringComparison.Ordinal);
        Assert.Contains("Take the procedure for individual enrollments", await RefusedAsync(BreachProcedure.GroupLeaf, "dev-02"), StringComparison.Ordinal);
        Assert.Contains("what happened", (await Follow.OpenAsync(BreachProcedure.Root, "line", Slot.Primary, " ", "ann", Stop)).Fault, StringComparison.Ordinal);

        Assert.Equal(_root.Certificate.Thumbprint, (await OpenAsync(BreachProcedure.Root, "Line")).Compromised.Thumbprint);
        Assert.Equal(intermediate.Certificate.Thumbprint, (await OpenAsync(BreachProcedure.Intermediate, "line", Slot.Secondary)).Compromised.Thumbprint);
        var (ofDevice, ofGroup) = (await OpenAsync(BreachProcedure.IndividualLeaf, "dev-02"), await OpenAsync(BreachProcedure.GroupLeaf, "dev-01"));
        Assert.Equal((own.Certificate.Thumbprint, "dev-02"), (ofDevice.Compromised.Thumbprint, ofDevice.Device));
        Assert.Equal((leaf.Certificate.Thumbprint, "dev-01", "line"), (ofGroup.Compromised.Thumbprint, ofGroup.Device, ofGroup.Enrollment.Id));
    }

    [Fact]
    public async Task How_far_a_breach_is_follows_from_what_is_stored_whoever_stored_it()
    {
        var group = Samples.GroupOf("line", "1", _root.Certificate);
        await stores.Enrollments.SaveAsync(group, null, "test", Stop);
        await RegisterAsync("dev-01", group.Key, _root);
        var breach = await OpenAsync(BreachProcedure.Root, "line");
        Assert.Equal((false, false, false, false, 1), await StepsAsync(breach));

        await stores.Blocks.SaveAsync(
            new Block { Kind = BlockKind.Issuer, Name = _root.Certificate.Thumbprint.ToString(), Issuer = _root.Certificate, Reason = "stolen", Actor = "ann", At = Samples.At }, Stop);
        Assert.Equal((true, false, false, false, 1), await StepsAsync(breach));
        await stores.Enrollments.SaveAsync(Samples.GroupOf("line", "2", _root.Certificate, _next.Certificate), "1", "test", Stop);
        Assert.Equal((true, true, false, false, 1), await StepsAsync(breach));
        await SeeAsync("dev-01", group.Key, _next);
        Assert.Equal((true, true, true, false, 0), await StepsAsync(breach));
        await stores.Enrollments.SaveAsync(Samples.GroupOf("line", "3", _next.Certificate), "2", "test", Stop);
        Assert.Equal((true, true, true, true, 0), await StepsAsync(breach));
    }

    private BreachCase Case(string id, BreachProcedure procedure) => new()
    {
        Id = id,
        Procedure = procedure,
        Enrollment = Samples.Group("line"),
        Compromised = _root.Certificate,
        Reason = "stolen",
        Actor = "test",
        At = Samples.At,
    };

    private async Task<(bool Block, bool Stage, bool Move, bool TakeOut, long Users)> StepsAsync(BreachCase breach)
    {
        var standing = await Follow.LookAsync(breach, Stop);
        return (standing.Block is not null, standing.IsBrought, standing.HasMoved, standing.IsTakenOut, standing.Users);
    }

    private async Task<BreachCase> OpenAsync(BreachProcedure procedure, string name, Slot slot = Slot.Primary)
    {
        var (opened, fault) = await Follow.OpenAsync(procedure, name, slot, "stolen", "ann", Stop);
        Assert.Null(fault);
        Assert.NotNull(await stores.Breaches.FindAsync(opened!.Id, Stop));
        return opened;
    }

    private async Task<string> RefusedAsync(BreachProcedure procedure, string name, Slot slot = Slot.Primary)
    {
        var (opened, fault) = await Follow.OpenAsync(procedure, name, slot, "stolen", "ann", Stop);
        Assert.Null(opened);
        return fault!;
    }

    private async Task RegisterAsync(string id, EnrollmentKey enrollment, TestAuthority signer)
    {
        using var leaf = signer.IssueLeaf(id);
        await stores.Registrations.TryCommitAsync(Samples.Registration(id, "1", enrollment, leaf.Certificate), null, [], Stop);
        await RecordAsync(id, enrollment, signer, leaf);
    }

    private async Task SeeAsync(string id, EnrollmentKey enrollment, TestAuthority signer)
    {
        using var leaf = signer.IssueLeaf(id);
        await RecordAsync(id, enrollment, signer, leaf);
    }

    private Task RecordAsync(string id, EnrollmentKey enrollment, TestAuthority signer, TestCertificate leaf) => stores.Sightings.RecordAsync(
        new Sighting
        {
            Device = id,
            Path = SightingPath.Provisioning,
            At = Samples.At,
            Chain = Samples.Chain(leaf),
            Match = new SightingMatch(enrollment, Slot.Primary, signer.Certificate.Thumbprint),
        },
        Stop);
}
