using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;
using Perennial.Storage.Tests.Impact;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of sightings does.</summary>
public abstract class SightingStoreSuite(Stores stores) : IAsyncDisposable
{
    private readonly TestCertificate _old = TestAuthority.CreateSelfSignedLeaf("dev-01");
    private readonly TestCertificate _new = TestAuthority.CreateSelfSignedLeaf("dev-01");
    private readonly EnrollmentKey _group = Samples.Group("g");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task A_refusal_is_kept_with_its_explanation()
    {
        var refusal = new Refusal(AttestationRefusals.LeafNotEnrolled, "presented A, holds B");
        await stores.Sightings.RecordAsync(
            new Sighting { Device = "Dev-01", Path = SightingPath.Hub, Hub = "hub.example", At = Samples.At, Chain = Samples.Chain(_old), Refusal = refusal, Nearest = _group },
            Stop);
        var seen = Assert.Single(await stores.Sightings.ListAsync("dev-01", Stop));
        Assert.Equal((3002, "presented A, holds B", "hub.example"), (seen.RefusalNumber, seen.RefusalDetail, seen.Hub));
        Assert.Equal(_group.ToString(), seen.Nearest);
        Assert.Equal([_old.Certificate.Thumbprint], seen.Chain);
    }

    [Fact]
    public async Task A_device_keeps_its_last_sightings_and_the_last_one_by_each_slot()
    {
        await SeeAsync("dev-01", 0, Slot.Primary, _old);
        for (var i = 1; i <= 40; i++)
        {
            await SeeAsync("dev-01", i, Slot.Secondary, _new);
        }

        var ring = await stores.Sightings.ListAsync("dev-01", Stop);
        Assert.Equal(ISightingStore.PerDevice, ring.Count);
        Assert.Equal(Samples.At.AddMinutes(40), ring[0].At);
        Assert.Equal(Samples.At.AddMinutes(40 - ISightingStore.PerDevice + 1), ring[^1].At);
        var bySlot = await stores.Sightings.LastBySlotAsync("dev-01", Stop);
        Assert.Equal([(Slot.Secondary, 40), (Slot.Primary, 0)], bySlot.Select(s => (s.Match!.Slot, (int)(s.At - Samples.At).TotalMinutes)));
    }

    [Fact]
    public async Task Proof_counts_devices_by_what_they_were_last_accepted_with()
    {
        foreach (var id in new[] { "a", "b", "c" })
        {
            await stores.Registrations.TryCommitAsync(Samples.Registration(id, "1", _group, _old.Certificate), null, [], Stop);
        }

        await SeeAsync("a", 0, Slot.Primary, _old);
        await SeeAsync("a", 1, Slot.Secondary, _new);
        await SeeAsync("b", 2, Slot.Primary, _old);

        var proof = await stores.Sightings.ProofAsync(_group, _new.Certificate.Thumbprint, 10, Stop);
        Assert.Equal((3, 1, false), (proof.Devices, proof.Proven, proof.IsComplete));
        Assert.Equal([("b", Samples.At.AddMinutes(2)), ("c", (DateTimeOffset?)null)], proof.Unproven.Select(u => (u.RegistrationId, u.LastSeen)));

        await SeeAsync("b", 3, Slot.Secondary, _new);
        await SeeAsync("c", 4, Slot.Secondary, _new);
        Assert.True((await stores.Sightings.ProofAsync(_group, _new.Certificate.Thumbprint, 10, Stop)).IsComplete);
        await SeeAsync("c", 5, Slot.Primary, _old);
        Assert.False((await stores.Sightings.ProofAsync(_group, _new.Certificate.Thumbprint, 10, Stop)).IsComplete);
    }

    [Fact]
    public async Task A_refusal_proves_and_disproves_nothing()
    {
        await stores.Registrations.TryCommitAsync(Samples.Registration("a", "1", _group, _old.Certificate), null, [], Stop);
        await SeeAsync("a", 0, Slot.Secondary, _new);
        await stores.Sightings.RecordAsync(
            new Sighting { Device = "a", Path = SightingPath.Hub, At = Samples.At.AddMinutes(1), Refusal = new Refusal(AttestationRefusals.NotEnrolled, "") }, Stop);
        Assert.True((await stores.Sightings.ProofAsync(_group, _new.Certificate.Thumbprint, 10, Stop)).IsComplete);
    }

    [Fact]
    public async Task Of_a_chain_whose_leaf_an_identity_pins_only_the_leaf_is_kept()
    {
        using var root = TestAuthority.CreateRoot("Root");
        using var beside = TestAuthority.CreateRoot("Beside");
        using var leaf = root.IssueLeaf("dev-01");
        var hub = new FleetHub(stores, "hub", HubBehaviour.FollowEnrollment);
        await hub.Devices.TryCreateAsync(HubSamples.Device("dev-01", credential: DeviceCredential.Thumbprints.Of(leaf.Certificate.Thumbprint)), "test", Stop);
        var verdict = await hub.ConnectAsync("dev-01", new PresentedCredential.ByCertificate(Samples.Chain(leaf, root, beside)));
        Assert.IsType<DeviceVerdict.Accepted>(verdict);
        Assert.Equal([true, false, false], await AreKeptAsync(leaf.Certificate, root.Certificate, beside.Certificate));
    }

    [Fact]
    public async Task A_chain_that_was_traced_to_an_authority_of_the_hub_is_kept_whole()
    {
        using var root = TestAuthority.CreateRoot("Root");
        using var line = root.CreateIntermediate("Line");
        using var leaf = line.IssueLeaf("dev-01");
        var hub = new FleetHub(stores, "hub", HubBehaviour.FollowEnrollment, new TrustedAuthorities([root.Certificate]));
        await hub.Devices.TryCreateAsync(HubSamples.Device("dev-01", credential: new DeviceCredential.CertificateAuthority()), "test", Stop);
        Assert.IsType<DeviceVerdict.Accepted>(await hub.ConnectAsync("dev-01", new PresentedCredential.ByCertificate(Samples.Chain(leaf, line))));
        Assert.Equal([true, true], await AreKeptAsync(leaf.Certificate, line.Certificate));
    }

    private async Task<IReadOnlyList<bool>> AreKeptAsync(params IReadOnlyList<Certificate> certificates)
    {
        var kept = new List<bool>();
        foreach (var certificate in certificates)
        {
            kept.Add(await stores.Blocks.FindCertificateAsync(certificate.Thumbprint, Stop) is not null);
        }

        return kept;
    }

    private Task SeeAsync(string device, int minute, Slot slot, TestCertificate anchor) => stores.Sightings.RecordAsync(
        new Sighting
        {
            Device = device,
            Path = SightingPath.Provisioning,
            At = Samples.At.AddMinutes(minute),
            Chain = Samples.Chain(anchor),
            Match = new SightingMatch(_group, slot, anchor.Certificate.Thumbprint),
        },
        Stop);
}
