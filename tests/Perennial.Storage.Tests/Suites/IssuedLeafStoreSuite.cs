using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of issued leaves does.</summary>
public abstract class IssuedLeafStoreSuite(Stores stores) : IAsyncDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _root.Dispose();
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Everything_of_a_leaf_comes_back_newest_first_and_only_for_its_device()
    {
        await stores.Enrollments.SaveAsync(Samples.GroupOf("g", "1", _root.Certificate), null, "test", Stop);
        var first = await RecordAsync(Leaf("Dev-01"));
        var second = await RecordAsync(Leaf("Dev-01") with { StandsAlone = false, PlacedBeside = first.Thumbprint });
        await RecordAsync(Leaf("dev-02"));
        var listed = await stores.Leaves.ListAsync(Samples.Id("DEV-01"), Stop);
        Assert.Equal([second.Thumbprint, first.Thumbprint], listed.Select(leaf => leaf.Thumbprint));
        var read = listed[0];
        Assert.Equal(second with { Chain = read.Chain }, read);
        Assert.Equal(second.Chain.Select(c => c.Thumbprint), read.Chain.Select(c => c.Thumbprint));
    }

    [Fact]
    public async Task A_leaf_is_untold_until_a_registration_commits_and_is_then_found_by_its_operation()
    {
        await stores.Enrollments.SaveAsync(Samples.GroupOf("g", "1", _root.Certificate), null, "test", Stop);
        var leaf = await RecordAsync(Leaf("dev-01"));
        Assert.Equal(leaf.Thumbprint, (await stores.Leaves.FindUntoldAsync(Samples.Id("dev-01"), Stop))?.Thumbprint);
        var record = Samples.Registration("dev-01", "1", Samples.Group("g"), leaf.Leaf);
        var tell = stores.Leaves.Tell(record.Id, record.OperationId);
        Assert.False(await stores.Registrations.TryCommitAsync(record, "stale", [tell], Stop));
        Assert.NotNull(await stores.Leaves.FindUntoldAsync(Samples.Id("dev-01"), Stop));
        Assert.True(await stores.Registrations.TryCommitAsync(record, null, [tell], Stop));
        Assert.Null(await stores.Leaves.FindUntoldAsync(Samples.Id("dev-01"), Stop));
        Assert.Equal(leaf.Thumbprint, (await stores.Leaves.FindByOperationAsync(record.Id, record.OperationId, Stop))?.Thumbprint);
        Assert.Null(await stores.Leaves.FindByOperationAsync(record.Id, "other", Stop));
    }

    [Fact]
    public async Task The_first_use_of_a_leaf_retires_those_before_it_and_none_after_it()
    {
        await stores.Enrollments.SaveAsync(Samples.GroupOf("g", "1", _root.Certificate), null, "test", Stop);
        var leaves = new List<IssuedLeaf> { await RecordAsync(Leaf("dev-01")), await RecordAsync(Leaf("dev-01")), await RecordAsync(Leaf("dev-01")) };
        var other = await RecordAsync(Leaf("dev-02"));
        await UseAsync(leaves[1], Samples.At.AddMinutes(1));
        await UseAsync(leaves[1], Samples.At.AddMinutes(2));
        var now = await stores.Leaves.ListAsync(Samples.Id("dev-01"), Stop);
        Assert.Equal([null, null, Samples.At.AddMinutes(1)], now.Select(leaf => leaf.Retired));
        Assert.Equal([null, Samples.At.AddMinutes(1), null], now.Select(leaf => leaf.Proven));
        Assert.Null(Assert.Single(await stores.Leaves.ListAsync(Samples.Id("dev-02"), Stop)).Retired);
        Assert.Equal(other.Thumbprint, (await CandidatesAsync(other)).Issued!.Record.Thumbprint);
        Assert.Single(stores.Audit(), row => row.Contains("leaf.prove", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_leaf_in_a_slot_takes_out_the_certificate_beside_it_by_its_first_use()
    {
        using var old = TestAuthority.CreateSelfSignedLeaf("dev-01");
        var enrollment = Samples.Individual("dev-01", "1", old.Certificate);
        await stores.Enrollments.SaveAsync(enrollment, null, "test", Stop);
        var leaf = Leaf("dev-01") with { Enrollment = enrollment.Key, StandsAlone = false, PlacedBeside = old.Certificate.Thumbprint };
        var placed = enrollment with { ETag = "2", Mechanism = new AttestationMechanism.Leaves(new CertificateSlots(old.Certificate, leaf.Leaf)) };
        Assert.False(await stores.Leaves.TryRecordAsync(leaf, placed, "stale", "device dev-01", Stop));
        Assert.True(await stores.Leaves.TryRecordAsync(leaf, placed, "1", "device dev-01", Stop));
        await UseAsync(leaf, Samples.At.AddMinutes(1));
        var slots = Assert.IsType<AttestationMechanism.Leaves>((await stores.Enrollments.FindAsync(enrollment.Key, Stop))!.Mechanism).Slots;
        Assert.Equal((null, leaf.Thumbprint), (slots.Primary?.Thumbprint, slots.Secondary?.Thumbprint));
        Assert.Contains(stores.Audit(), row => row == "device dev-01 enrollment.retire individual enrollment 'dev-01'");
    }

    [Fact]
    public async Task A_certificate_that_an_operator_placed_since_stays_when_the_leaf_is_used()
    {
        using var old = TestAuthority.CreateSelfSignedLeaf("dev-01");
        using var since = TestAuthority.CreateSelfSignedLeaf("dev-01");
        var enrollment = Samples.Individual("dev-01", "1", old.Certificate);
        await stores.Enrollments.SaveAsync(enrollment, null, "test", Stop);
        var leaf = Leaf("dev-01") with { Enrollment = enrollment.Key, StandsAlone = false, PlacedBeside = old.Certificate.Thumbprint };
        var placed = enrollment with { ETag = "2", Mechanism = new AttestationMechanism.Leaves(new CertificateSlots(old.Certificate, leaf.Leaf)) };
        Assert.True(await stores.Leaves.TryRecordAsync(leaf, placed, "1", "device dev-01", Stop));
        var changed = placed with { ETag = "3", Mechanism = new AttestationMechanism.Leaves(new CertificateSlots(since.Certificate, leaf.Leaf)) };
        Assert.IsType<EnrollmentWrite.Saved>(await stores.Enrollments.SaveAsync(changed, "2", "test", Stop));
        await UseAsync(leaf, Samples.At.AddMinutes(1));
        Assert.Equal("3", (await stores.Enrollments.FindAsync(enrollment.Key, Stop))!.ETag);
    }

    [Fact]
    public async Task Leaves_go_with_their_enrollment()
    {
        await stores.Enrollments.SaveAsync(Samples.GroupOf("g", "1", _root.Certificate), null, "test", Stop);
        var leaf = await RecordAsync(Leaf("dev-01"));
        await stores.Enrollments.DeleteAsync(Samples.Group("g"), null, "test", Stop);
        Assert.Empty(await stores.Leaves.ListAsync(Samples.Id("dev-01"), Stop));
        Assert.Null((await CandidatesAsync(leaf)).Issued);
        Assert.False(await stores.Leaves.TryRecordAsync(leaf, null, "1", "device dev-01", Stop));
    }

    private Task<EnrollmentCandidates> CandidatesAsync(IssuedLeaf leaf) => stores.Enrollments.FindCandidatesAsync(
        leaf.RegistrationId, new Perennial.Provisioning.DeviceProof.ByCertificate(ChainOf(leaf)), Stop);

    private async Task<IssuedLeaf> RecordAsync(IssuedLeaf leaf)
    {
        Assert.True(await stores.Leaves.TryRecordAsync(leaf, null, "1", $"device {leaf.RegistrationId}", Stop));
        return leaf;
    }

    private Task UseAsync(IssuedLeaf leaf, DateTimeOffset at) => stores.Sightings.RecordAsync(
        new Sighting
        {
            Device = leaf.RegistrationId.Value,
            Path = SightingPath.Hub,
            Hub = "hub.example",
            At = at,
            Chain = ChainOf(leaf),
            Match = new SightingMatch(leaf.Enrollment, Slot.Primary, leaf.Thumbprint),
        },
        Stop);

    private IssuedLeaf Leaf(string id)
    {
        var leaf = _root.IssueLeaf(id).Certificate;
        return new IssuedLeaf
        {
            Thumbprint = leaf.Thumbprint,
            Enrollment = Samples.Group("g"),
            RegistrationId = Samples.Id(id),
            Chain = [leaf, _root.Certificate],
            Request = Thumbprint.Of(leaf.Der.Span[..8]),
            StandsAlone = true,
            Issued = Samples.At,
        };
    }

    private static CertificateChain ChainOf(IssuedLeaf leaf) =>
        CertificateChain.TryCreate(leaf.Leaf, [.. leaf.Chain.Skip(1)], out var chain, out var refusal) ? chain : throw new InvalidOperationException(refusal.Detail);
}
