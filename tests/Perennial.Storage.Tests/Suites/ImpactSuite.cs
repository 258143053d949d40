using System.Collections.Concurrent;
using CsCheck;
using Perennial.Hub.Access;
using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Sightings;
using Perennial.Server.Hubs;
using Perennial.Storage.Tests.Impact;
using Perennial.TestCertificates;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What is foretold of a change of trust is what happens, on every database.</summary>
public abstract class ImpactSuite(Func<Stores> open, int runs)
{
    /// <summary>Enough that every outcome comes about, but the rare ones: that of two authorities of one key with different ends, and drains, have tests of their own.</summary>
    protected const int Runs = 150;

    [Fact]
    public async Task What_a_change_does_to_each_device_was_foretold()
    {
        var seen = new ConcurrentDictionary<ImpactOutcome, int>();
        await Gen.Int[0, 1_000_000].Array[60, 400].SampleAsync(
            async drawn =>
            {
                await using var stores = open();
                var fleet = new RandomFleet(stores, Authorities, new Tape(drawn), "f");
                await fleet.GrowAsync();
                var (change, foretold, found, summary) = await fleet.ChangeAsync();
                Assert.True(found.Count == foretold.Count && !found.Except(foretold).Any(), Difference(change, found, foretold));
                foreach (var outcome in Enum.GetValues<ImpactOutcome>())
                {
                    var devices = found.Values.Count(text => IsOf(text, outcome));
                    Assert.Equal((outcome, devices), (outcome, (int)CountOf(summary.Counts, outcome)));
                    seen.AddOrUpdate(outcome, devices, (_, count) => count + devices);
                }

                Assert.Equal(found.Values.Count(text => !text.EndsWith(' ')), summary.Ends.Sum(end => end.Devices));
            },
            iter: runs,
            threads: 2,
            print: drawn => string.Join(',', drawn));
        Assert.All(Enum.GetValues<ImpactOutcome>().Except([ImpactOutcome.LosesEarlier, ImpactOutcome.Drains]), outcome => Assert.True(runs < Runs || seen.GetValueOrDefault(outcome) > 0, $"No fleet had a device that {outcome}: {string.Join(' ', seen)}"));
    }

    [Fact]
    public async Task What_a_change_does_to_each_device_with_a_key_was_foretold()
    {
        var seen = new ConcurrentDictionary<ImpactOutcome, int>();
        await Gen.Int[0, 1_000_000].Array[60, 300].SampleAsync(
            async drawn =>
            {
                await using var stores = open();
                var fleet = new RandomKeyFleet(stores, new Tape(drawn));
                await fleet.GrowAsync();
                var (change, foretold, found, summary) = await fleet.ChangeAsync();
                Assert.True(found.Count == foretold.Count && !found.Except(foretold).Any(), Difference(change, InWords(found), InWords(foretold)));
                foreach (var outcome in Enum.GetValues<ImpactOutcome>())
                {
                    var devices = found.Values.Count(one => one == outcome);
                    Assert.Equal((outcome, devices), (outcome, (int)CountOf(summary.Counts, outcome)));
                    seen.AddOrUpdate(outcome, devices, (_, count) => count + devices);
                }
            },
            iter: runs,
            threads: 2,
            print: drawn => string.Join(',', drawn));
        ImpactOutcome[] ofKeys = [ImpactOutcome.Keeps, ImpactOutcome.LosesAtOnce, ImpactOutcome.LosesAtRegistration, ImpactOutcome.Unknown, ImpactOutcome.Gains];
        Assert.All(ofKeys, outcome => Assert.True(runs < Runs || seen.GetValueOrDefault(outcome) > 0, $"No fleet had a device that {outcome}: {string.Join(' ', seen)}"));
    }

    [Fact]
    public async Task What_changes_of_identities_of_a_hub_do_to_each_device_was_foretold()
    {
        var seen = new ConcurrentDictionary<string, int>();
        await Gen.Int[0, 1_000_000].Array[60, 300].SampleAsync(
            async drawn =>
            {
                await using var stores = open();
                var identities = new RandomIdentities((SqlStores)stores, new Tape(drawn));
                await identities.GrowAsync();
                var (foretold, found, summary) = await identities.ChangeAsync();
                Assert.True(found.Count == foretold.Count && !found.Except(foretold).Any(), Difference(summary.Change, found, foretold));
                Assert.Equal(found.Values.Count(text => text.StartsWith("Loses", StringComparison.Ordinal)), summary.Counts.Losing);
                foreach (var text in found.Values)
                {
                    seen.AddOrUpdate(text.Split(' ')[0], 1, (_, count) => count + 1);
                }
            },
            iter: runs,
            threads: 2,
            print: drawn => string.Join(',', drawn));
        string[] ofIdentities = ["Keeps", "LosesAtOnce", "Unknown", "Gains"];
        Assert.All(ofIdentities, outcome => Assert.True(runs < Runs || seen.ContainsKey(outcome), $"No hub had a device that {outcome}: {string.Join(' ', seen)}"));
    }

    [Fact]
    public async Task A_device_below_a_cross_certificate_that_ends_sooner_loses_access_earlier()
    {
        await using var stores = open();
        using var root = TestAuthority.CreateRoot("Root");
        using var next = TestAuthority.CreateRoot("Next");
        using var line = root.CreateIntermediate("Line");
        using var crossed = next.CreateIntermediate("Line", new() { Key = line.Own.Key, NotAfter = Samples.At.AddDays(30) });
        using var leaf = line.IssueLeaf("dev");
        await stores.Enrollments.SaveAsync(Samples.GroupOf("g", "1", root.Certificate), null, "test", Stop);
        await stores.Sightings.RecordAsync(
            new Sighting
            {
                Device = "dev",
                Path = SightingPath.Provisioning,
                At = Samples.At,
                Chain = Samples.Chain(leaf, line, crossed),
                Match = new SightingMatch(Samples.Group("g"), Slot.Primary, root.Certificate.Thumbprint),
            },
            Stop);

        var preview = RandomFleet.PreviewOf(stores);
        var (swap, overlap) = (Samples.GroupOf("g", "2", next.Certificate), Samples.GroupOf("g", "2", root.Certificate, next.Certificate));
        var summary = await preview.RunAsync(PlanChange.OfSave(swap), Stop);
        Assert.Equal((1, 1, 0), (summary.Counts.LosesEarlier, summary.Counts.Losing, summary.Counts.Keeps));
        var lost = Assert.Single((await preview.ListAsync(PlanChange.OfSave(swap), ImpactOutcome.LosesEarlier, new PageRequest(null, 10), Stop))!.Items);
        Assert.Equal("dev", lost.Device);
        Assert.Equal((0, 1), ((await preview.RunAsync(PlanChange.OfSave(overlap), Stop)).Counts.Losing, summary.Ends.Count));
    }

    [Fact]
    public async Task Namesakes_without_key_identifiers_are_told_apart_by_who_signed()
    {
        await using var stores = open();
        using var root = TestAuthority.CreateRoot("Root");
        using var one = root.CreateIntermediate("Line", new() { HasKeyIdentifiers = false });
        using var other = root.CreateIntermediate("Line", new() { HasKeyIdentifiers = false });
        await stores.Enrollments.SaveAsync(Samples.GroupOf("g", "1", root.Certificate), null, "test", Stop);
        foreach (var (id, signer) in new[] { ("below-one", one), ("below-other", other) })
        {
            using var leaf = signer.IssueLeaf(id, new() { HasKeyIdentifiers = false });
            await stores.Sightings.RecordAsync(
                new Sighting
                {
                    Device = id,
                    Path = SightingPath.Provisioning,
                    At = Samples.At,
                    Chain = Samples.Chain(leaf, one, other),
                    Match = new SightingMatch(Samples.Group("g"), Slot.Primary, root.Certificate.Thumbprint),
                },
                Stop);
        }

        var preview = RandomFleet.PreviewOf(stores);
        var change = PlanChange.OfSave(Samples.GroupOf("g", "2", one.Certificate));
        var lost = await preview.ListAsync(change, ImpactOutcome.LosesAtRegistration, new PageRequest(null, 10), Stop);
        Assert.Equal(["below-other"], lost!.Items.Select(device => device.Device));
        Assert.Equal((1, 1), ((await preview.RunAsync(change, Stop)).Counts.Keeps, lost.Items.Count));
    }

    [Fact]
    public async Task A_module_that_the_token_of_its_device_let_in_is_no_device_of_the_preview()
    {
        await using var stores = open();
        var hub = new FleetHub(stores, "following", HubBehaviour.FollowEnrollment);
        var group = Samples.WithKeys(Samples.Group("g"), "1");
        await stores.Enrollments.SaveAsync(group, null, "test", Stop);
        foreach (var device in new[] { "desk", "lamp" })
        {
            await hub.Devices.TryCreateAsync(HubSamples.Device(device, credential: Following(device)), "test", Stop);
            Assert.IsType<DeviceVerdict.Accepted>(await hub.ConnectAsync(device, ByKeyOf(device)));
        }

        await hub.Devices.TryCreateAsync(HubSamples.Device("lamp/m", credential: DeviceCredential.SymmetricKeys.Mint()), "test", Stop);
        Assert.IsType<DeviceVerdict.Accepted>(await hub.ConnectAsync("lamp/m", ByKeyOf("lamp")));

        var preview = RandomFleet.PreviewOf(stores);
        var change = PlanChange.OfDelete(group.Key);
        var counts = (await preview.RunAsync(change, Stop)).Counts;
        Assert.Equal((2, 0, 0), (counts.LosesAtOnce, counts.LosesAtRegistration, counts.Unknown));
        Assert.Equal(["desk", "lamp"], await ListAsync(ImpactOutcome.LosesAtOnce));

        await hub.Devices.TryDeleteAsync(HubSamples.Id("desk"), "1", "test", Stop);
        counts = (await preview.RunAsync(change, Stop)).Counts;
        Assert.Equal((1, 1, 0), (counts.LosesAtOnce, counts.LosesAtRegistration, counts.Unknown));
        Assert.Equal(["desk"], await ListAsync(ImpactOutcome.LosesAtRegistration));

        async Task<IEnumerable<string>> ListAsync(ImpactOutcome outcome) =>
            (await preview.ListAsync(change, outcome, new PageRequest(null, 10), Stop))!.Items.Select(device => device.Device);

        DeviceCredential Following(string device) => new DeviceCredential.FollowsEnrollment(
            device, new EnrollmentReference(IsGroup: true, "g"), DeviceCredential.SymmetricKeys.Mint());

        PresentedCredential ByKeyOf(string device) => new PresentedCredential.ByToken(new PresentedToken
        {
            Expires = DateTimeOffset.MaxValue,
            Covers = true,
            IsSignedBy = other => other.Span.SequenceEqual(Samples.KeysOf(group).Primary.Derive(device).Bytes.Span),
        });
    }

    [Fact]
    public async Task A_device_whose_own_enrollment_held_what_a_group_derives_counts_with_the_group_once_that_enrollment_is_gone()
    {
        await using var stores = open();
        var hub = new FleetHub(stores, "following", HubBehaviour.FollowEnrollment);
        var group = Samples.WithKeys(Samples.Group("line"), "1");
        await stores.Enrollments.SaveAsync(group, null, "test", Stop);
        var held = Samples.KeysOf(group).Derive("Dev");
        var own = Samples.WithKeys(EnrollmentKey.Individual(Samples.Id("Dev")), "1") with { Mechanism = new AttestationMechanism.SymmetricKeys(held) };
        await stores.Enrollments.SaveAsync(own, null, "test", Stop);
        Assert.True(DeviceCredential.SymmetricKeys.TryCreate(held.Primary.Bytes, held.Secondary.Bytes, out var shown));
        var follows = new DeviceCredential.FollowsEnrollment("Dev", new EnrollmentReference(IsGroup: false, "Dev"), shown);
        await hub.Devices.TryCreateAsync(HubSamples.Device("Dev", credential: follows), "test", Stop);
        Assert.IsType<DeviceVerdict.Accepted>(await hub.ConnectAsync("Dev", RandomIdentities.ByKey(held.Primary.Bytes)));

        var (preview, change) = (RandomFleet.PreviewOf(stores), PlanChange.OfDelete(group.Key));
        Assert.Equal(new ImpactCounts(), (await preview.RunAsync(change, Stop)).Counts);
        await stores.Enrollments.DeleteAsync(own.Key, null, "test", Stop);
        Assert.Equal(new ImpactCounts { LosesAtOnce = 1 }, (await preview.RunAsync(change, Stop)).Counts);
        var listed = (await preview.ListAsync(change, ImpactOutcome.LosesAtOnce, new PageRequest(null, 10), Stop))!;
        Assert.Equal("Dev", Assert.Single(listed.Items).Device);
    }

    [Fact]
    public async Task What_a_change_does_that_asks_for_more_of_a_chain_than_its_pinned_leaf_is_unknown()
    {
        await using var stores = (SqlStores)open();
        using var root = TestAuthority.CreateRoot("Root");
        using var line = root.CreateIntermediate("Line");
        using var leaf = line.IssueLeaf("dev");
        var hub = new FleetHub(stores, "hub", HubBehaviour.FollowEnrollment, new TrustedAuthorities([root.Certificate]));
        var pinned = HubSamples.Device("dev", credential: DeviceCredential.Thumbprints.Of(leaf.Certificate.Thumbprint));
        await hub.Devices.TryCreateAsync(pinned, "test", Stop);
        Assert.IsType<DeviceVerdict.Accepted>(await hub.ConnectAsync("dev", new PresentedCredential.ByCertificate(Samples.Chain(leaf, line))));

        var preview = RandomIdentities.PreviewOf(stores);
        Assert.Equal(ImpactOutcome.Unknown, await OutcomeAsync(pinned with { Credential = new DeviceCredential.CertificateAuthority() }));
        Assert.Equal(ImpactOutcome.LosesAtOnce, await OutcomeAsync(pinned with { IsEnabled = false }));
        Assert.Equal(ImpactOutcome.LosesAtOnce, await OutcomeAsync(after: null));

        async Task<ImpactOutcome> OutcomeAsync(DeviceIdentity? after) =>
            Assert.Single((await preview.RunAsync(hub.Checked, [new IdentityChange(pinned, after)], Stop)).Devices).Outcome;
    }

    [Theory]
    [InlineData(EnrollmentKind.Individual)]
    [InlineData(EnrollmentKind.Group)]
    public async Task A_device_counts_by_the_key_that_it_uses_since_the_keys_of_its_enrollment_were_rolled_and_by_none_when_that_one_is_gone_too(EnrollmentKind kind)
    {
        await using var stores = (SqlStores)open();
        var hub = new FleetHub(stores, "hub", HubBehaviour.FollowEnrollment);
        var key = kind == EnrollmentKind.Group ? Samples.Group("line") : EnrollmentKey.Individual(Samples.Id("Dev"));
        var registered = await RollAsync("1", null);
        Assert.True(DeviceCredential.SymmetricKeys.TryCreate(registered.Primary.Bytes, registered.Secondary.Bytes, out var shown));
        var follows = new DeviceCredential.FollowsEnrollment("Dev", new EnrollmentReference(kind == EnrollmentKind.Group, key.Id), shown);
        var identity = HubSamples.Device("Dev", credential: follows);
        await hub.Devices.TryCreateAsync(identity, "test", Stop);
        await ConnectAsync(registered);
        Assert.Equal(new ImpactCounts { LosesAtOnce = 1 }, await CountAsync());
        await ConnectAsync(await RollAsync("2", "1"));
        Assert.Equal(new ImpactCounts { LosesAtOnce = 1 }, await CountAsync());
        await RollAsync("3", "2");
        Assert.Equal(new ImpactCounts { Unknown = 1 }, await CountAsync());

        async Task<KeySlots> RollAsync(string etag, string? standing)
        {
            var enrollment = Samples.WithKeys(key, etag);
            Assert.IsType<EnrollmentWrite.Saved>(await stores.Enrollments.SaveAsync(enrollment, standing, "test", Stop));
            return kind == EnrollmentKind.Group ? Samples.KeysOf(enrollment).Derive("Dev") : Samples.KeysOf(enrollment);
        }

        async Task ConnectAsync(KeySlots keys)
        {
            stores.Time.Advance(TimeSpan.FromMinutes(1));
            Assert.IsType<DeviceVerdict.Accepted>(await hub.ConnectAsync("Dev", RandomIdentities.ByKey(keys.Primary.Bytes)));
        }

        async Task<ImpactCounts> CountAsync() =>
            (await RandomIdentities.PreviewOf(stores).RunAsync(hub.Checked, [new IdentityChange(identity, null)], Stop)).Summary.Counts;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static FleetAuthorities Authorities { get; } = new();

    private static string Difference(string change, IReadOnlyDictionary<string, string> found, IReadOnlyDictionary<string, string> foretold) => string.Join(
        '\n',
        found.Except(foretold).Select(pair => $"found {pair.Key} {pair.Value}")
            .Concat(foretold.Except(found).Select(pair => $"foretold {pair.Key} {pair.Value}"))
            .Prepend(change));

    private static Dictionary<string, string> InWords(IReadOnlyDictionary<string, ImpactOutcome> outcomes) => outcomes.ToDictionary(pair => pair.Key, pair => $"{pair.Value}");

    private static bool IsOf(string text, ImpactOutcome outcome) => text.StartsWith($"{outcome} ", StringComparison.Ordinal);

    private static long CountOf(ImpactCounts counts, ImpactOutcome outcome) => outcome switch
    {
        ImpactOutcome.Keeps => counts.Keeps,
        ImpactOutcome.LosesAtOnce => counts.LosesAtOnce,
        ImpactOutcome.Drains => counts.Drains,
        ImpactOutcome.LosesAtRegistration => counts.LosesAtRegistration,
        ImpactOutcome.LosesEarlier => counts.LosesEarlier,
        ImpactOutcome.Gains => counts.Gains,
        _ => counts.Unknown,
    };
}
