using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;
using Perennial.TestCertificates;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What decides about many devices with individual enrollments is the same whether it is read at once or one by one.</summary>
public abstract class IndividualCandidatesSuite(Stores stores) : IAsyncDisposable
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
    public async Task Enrollments_their_leaves_what_was_issued_and_what_is_blocked_are_as_when_each_device_is_asked_about()
    {
        await AddAsync("Dev-1");
        await AddAsync("dev-2", hasSecond: true);
        await AddAsync("dev-3", isEnabled: false);
        await AddAsync("dev-4", isIssued: true);
        await AddAsync("dev-5", isIssued: true, hasSecond: true);
        await AddAsync("dev-8");
        await AssertSameAsync("dev-1", "dev-5", "dev-1", "dev-2", "dev-3", "dev-4", "dev-5");

        await BlockAsync("dev-2");
        var found = await AssertSameAsync("dev-2", "dev-8", "dev-2", "dev-3", "dev-4", "dev-5", "dev-8");
        Assert.All(found.Values, candidates => Assert.Equal("dev-2", Assert.Single(candidates.Blocks).Name));
    }

    [Fact]
    public async Task Who_is_decided_about_otherwise_is_left_to_be_asked_about_alone()
    {
        using var leaf = await AddAsync("dev-1");
        await SeeAsync("dev-2", EnrollmentKey.Individual(Samples.Id("dev-2")), leaf);
        await stores.Enrollments.SaveAsync(Samples.WithKeys(EnrollmentKey.Individual(Samples.Id("dev-2")), "1"), null, "test", Stop);
        await AssertSameAsync("dev-1", "dev-2", "dev-1");
        for (var i = 0; i <= 100; i++)
        {
            await BlockAsync($"other-{i}");
        }

        await AssertSameAsync("dev-1", "dev-2");
    }

    private async Task<IReadOnlyDictionary<RegistrationId, EnrollmentCandidates>> AssertSameAsync(string first, string last, params string[] ids)
    {
        var found = await stores.Chains.FindIndividualsAsync(Samples.Id(first), Samples.Id(last), Stop);
        Assert.Equal(ids, found.Keys.Select(id => id.Value.ToLowerInvariant()).Order(StringComparer.Ordinal));
        foreach (var (id, candidates) in found)
        {
            var chain = (await stores.Chains.FindAsync(id, Stop))!.Chain;
            var alone = await stores.Enrollments.FindCandidatesAsync(id, new DeviceProof.ByCertificate(chain), Stop);
            Assert.Equal(Told(alone.Individual!), Told(candidates.Individual!));
            Assert.Equal((alone.LeafHolder, alone.Groups.Count), (candidates.LeafHolder, candidates.Groups.Count));
            Assert.Equal(
                (alone.Issued?.Record.Thumbprint, alone.Issued?.Record.Retired, alone.Issued?.Enrollment.Key),
                (candidates.Issued?.Record.Thumbprint, candidates.Issued?.Record.Retired, candidates.Issued?.Enrollment.Key));
            Assert.Superset(alone.Blocks.Select(block => block.Name).ToHashSet(), candidates.Blocks.Select(block => block.Name).ToHashSet());
        }

        return found;
    }

    private static (EnrollmentKey, AttestationMechanism, bool, string) Told(Enrollment enrollment) => (enrollment.Key, enrollment.Mechanism, enrollment.IsEnabled, enrollment.ETag);

    private async Task<TestCertificate> AddAsync(string id, bool hasSecond = false, bool isEnabled = true, bool isIssued = false)
    {
        var leaf = _root.IssueLeaf(id);
        using var second = _root.IssueLeaf(id);
        var enrollment = Samples.Individual(id, "1", leaf.Certificate, hasSecond ? second.Certificate : null) with { IsEnabled = isEnabled };
        await stores.Enrollments.SaveAsync(enrollment, null, "test", Stop);
        if (isIssued)
        {
            Assert.True(await stores.Leaves.TryRecordAsync(
                new IssuedLeaf
                {
                    Thumbprint = leaf.Certificate.Thumbprint,
                    Enrollment = enrollment.Key,
                    RegistrationId = Samples.Id(id),
                    Chain = [leaf.Certificate, _root.Certificate],
                    Request = leaf.Certificate.Thumbprint,
                    StandsAlone = false,
                    Issued = Samples.At,
                },
                null,
                "1",
                "test",
                Stop));
        }

        await SeeAsync(id, enrollment.Key, leaf);
        return leaf;
    }

    private Task SeeAsync(string id, EnrollmentKey enrollment, TestCertificate leaf) => stores.Sightings.RecordAsync(
        new Sighting
        {
            Device = id,
            Path = SightingPath.Provisioning,
            At = Samples.At,
            Chain = Samples.Chain(leaf, _root),
            Match = new SightingMatch(enrollment, Slot.Primary, leaf.Certificate.Thumbprint),
        },
        Stop);

    private Task BlockAsync(string device) =>
        stores.Blocks.SaveAsync(new Block { Kind = BlockKind.Device, Name = device, Reason = "stolen", Actor = "test", At = Samples.At }, Stop);
}
