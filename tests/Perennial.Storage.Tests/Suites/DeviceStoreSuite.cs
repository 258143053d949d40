using Perennial.Hub.Devices;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of device identities does.</summary>
public abstract class DeviceStoreSuite(Stores stores) : IAsyncDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Everything_of_an_identity_comes_back()
    {
        var devices = stores.Devices("hub");
        foreach (var credential in Credentials())
        {
            var saved = HubSamples.Device($"Dev-{credential.GetType().Name}", "e1", credential) with
            {
                IsEnabled = false,
                StatusReason = "stolen",
                StatusUpdated = Samples.At.AddDays(1),
                IsEdge = true,
                DeviceScope = "scope",
                ParentScopes = ["p1", "p2"],
                ManagedBy = "me",
            };
            Assert.True(await devices.TryCreateAsync(saved, "op", Stop));
            var found = await devices.FindAsync(saved.Id, Stop);
            Assert.Equal(saved.ParentScopes, found!.ParentScopes);
            Assert.Equal(saved, found with { ParentScopes = saved.ParentScopes });
        }
    }

    [Fact]
    public async Task A_device_is_created_once_with_its_twin()
    {
        var devices = stores.Devices("hub");
        Assert.True(await devices.TryCreateAsync(HubSamples.Device("dev"), "op", Stop));
        Assert.False(await devices.TryCreateAsync(HubSamples.Device("dev", "2"), "op", Stop));
        Assert.Equal("1", (await devices.FindAsync(HubSamples.Id("dev"), Stop))!.ETag);
        Assert.Equal(2, (await stores.Twins("hub").FindAsync(HubSamples.Id("dev"), Stop))!.Version);
    }

    [Fact]
    public async Task Ids_are_compared_with_case()
    {
        var devices = stores.Devices("hub");
        Assert.True(await devices.TryCreateAsync(HubSamples.Device("dev"), "op", Stop));
        Assert.True(await devices.TryCreateAsync(HubSamples.Device("DEV"), "op", Stop));
        Assert.Null(await devices.FindAsync(HubSamples.Id("Dev"), Stop));
    }

    [Fact]
    public async Task Two_hubs_know_nothing_of_each_other()
    {
        Assert.True(await stores.Devices("a").TryCreateAsync(HubSamples.Device("dev"), "op", Stop));
        Assert.Null(await stores.Devices("b").FindAsync(HubSamples.Id("dev"), Stop));
        Assert.True(await stores.Devices("b").TryCreateAsync(HubSamples.Device("dev"), "op", Stop));
        Assert.True(await stores.Devices("a").TryDeleteAsync(HubSamples.Id("dev"), "1", "op", Stop));
        Assert.NotNull(await stores.Devices("b").FindAsync(HubSamples.Id("dev"), Stop));
        Assert.Equal(new DeviceCounts(1, 0), await stores.Devices("b").CountAsync(Stop));
    }

    [Fact]
    public async Task A_write_on_a_stale_etag_changes_nothing()
    {
        var devices = stores.Devices("hub");
        await devices.TryCreateAsync(HubSamples.Device("dev"), "op", Stop);
        Assert.False(await devices.TryReplaceAsync(HubSamples.Device("dev", "2"), "0", "op", Stop));
        Assert.False(await devices.TryReplaceAsync(HubSamples.Device("nobody", "2"), "1", "op", Stop));
        Assert.False(await devices.TryDeleteAsync(HubSamples.Id("dev"), "0", "op", Stop));
        Assert.True(await devices.TryReplaceAsync(HubSamples.Device("dev", "2"), "1", "op", Stop));
        Assert.False(await devices.TryReplaceAsync(HubSamples.Device("dev", "3"), "1", "op", Stop));
        Assert.Equal("2", (await devices.FindAsync(HubSamples.Id("dev"), Stop))!.ETag);
    }

    [Fact]
    public async Task Of_many_writers_on_one_etag_one_wins()
    {
        var devices = stores.Devices("hub");
        await devices.TryCreateAsync(HubSamples.Device("dev", "0"), "op", Stop);
        var writers = Enumerable.Range(1, 32).Select(i => devices.TryReplaceAsync(HubSamples.Device("dev", $"e{i}"), "0", "op", Stop));
        Assert.Single(await Task.WhenAll(writers), won => won);
    }

    [Fact]
    public async Task A_deleted_device_leaves_nothing_behind()
    {
        await stores.Devices("hub").TryCreateAsync(HubSamples.Device("dev"), "op", Stop);
        await stores.Subscriptions("hub").SaveAsync(HubSamples.Id("dev"), [new("a/#", 1)], Stop);
        Assert.True(await stores.Devices("hub").TryDeleteAsync(HubSamples.Id("dev"), "1", "op", Stop));
        Assert.Null(await stores.Devices("hub").FindAsync(HubSamples.Id("dev"), Stop));
        Assert.Null(await stores.Twins("hub").FindAsync(HubSamples.Id("dev"), Stop));
        Assert.Empty(await stores.Subscriptions("hub").LoadAsync(HubSamples.Id("dev"), Stop));
    }

    [Fact]
    public async Task Every_change_is_in_the_audit_trail_and_no_key_is()
    {
        var devices = stores.Devices("hub");
        var keys = DeviceCredential.SymmetricKeys.Mint();
        await devices.TryCreateAsync(HubSamples.Device("dev", "1", keys), "ann", Stop);
        await devices.TryReplaceAsync(HubSamples.Device("dev", "2", keys), "1", "bob", Stop);
        await devices.TryDeleteAsync(HubSamples.Id("dev"), "2", "cid", Stop);
        Assert.Equal(
            ["ann device.create device 'dev' of hub 'hub'", "bob device.save device 'dev' of hub 'hub'", "cid device.delete device 'dev' of hub 'hub'"],
            stores.Audit());
        Assert.All(stores.AuditDetails(), row => Assert.DoesNotContain(Convert.ToBase64String(keys.Primary.Span), row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_identity_of_a_device_goes_another_that_it_has_elsewhere_tells_its_hub()
    {
        var (east, west, north) = (stores.Devices("east"), stores.Devices("west"), stores.Devices("north"));
        var follows = new DeviceCredential.FollowsEnrollment("dev", new EnrollmentReference(IsGroup: true, "line"), DeviceCredential.SymmetricKeys.Mint());
        using var leaf = TestAuthority.CreateSelfSignedLeaf("Dev");
        var match = new SightingMatch(Samples.Group("line"), Slot.Primary, leaf.Certificate.Thumbprint);
        await stores.Sightings.RecordAsync(new() { Device = "Dev", Path = SightingPath.Provisioning, At = Samples.At, Chain = Samples.Chain(leaf), Match = match }, Stop);
        await west.TryCreateAsync(HubSamples.Device("Dev"), "op", Stop);
        await north.TryCreateAsync(HubSamples.Device("dev") with { IsEnabled = false }, "op", Stop);
        await east.TryCreateAsync(HubSamples.Device("of-another-name", "1", follows), "op", Stop);
        Assert.Equal("east", await HubAsync());

        await east.TryReplaceAsync(HubSamples.Device("of-another-name", "2", follows) with { IsEnabled = false }, "1", "op", Stop);
        Assert.Equal("west own", await HubAsync());
        await east.TryReplaceAsync(HubSamples.Device("of-another-name", "3", follows), "2", "op", Stop);
        await east.TryDeleteAsync(HubSamples.Id("of-another-name"), "3", "op", Stop);
        Assert.Equal("west own", await HubAsync());

        await east.TryCreateAsync(HubSamples.Device("dev", "1", follows), "op", Stop);
        await north.TryReplaceAsync(HubSamples.Device("dev", "2", follows), "1", "op", Stop);
        Assert.Equal("north", await HubAsync());
        await north.TryDeleteAsync(HubSamples.Id("dev"), "2", "op", Stop);
        Assert.Equal("east", await HubAsync());

        await west.TryDeleteAsync(HubSamples.Id("Dev"), "1", "op", Stop);
        await east.TryDeleteAsync(HubSamples.Id("dev"), "1", "op", Stop);
        Assert.Null(await HubAsync());

        async Task<string?> HubAsync() => (await stores.Chains.FindAsync(Samples.Id("dev"), Stop))!.Hub;
    }

    [Fact]
    public async Task Devices_are_listed_by_id_page_by_page()
    {
        var devices = stores.Devices("hub");
        foreach (var id in new[] { "c", "a", "B", "b" })
        {
            await devices.TryCreateAsync(HubSamples.Device(id), "op", Stop);
        }

        Assert.Equal(["B", "a", "b"], (await devices.ListAsync(null, 3, Stop)).Select(device => device.Id.Value));
        Assert.Equal(["c"], (await devices.ListAsync(HubSamples.Id("b"), 3, Stop)).Select(device => device.Id.Value));
    }

    [Fact]
    public async Task Devices_are_counted_by_status()
    {
        var devices = stores.Devices("hub");
        Assert.Equal(new DeviceCounts(0, 0), await devices.CountAsync(Stop));
        await devices.TryCreateAsync(HubSamples.Device("a"), "op", Stop);
        await devices.TryCreateAsync(HubSamples.Device("b"), "op", Stop);
        await devices.TryCreateAsync(HubSamples.Device("c") with { IsEnabled = false }, "op", Stop);
        Assert.Equal(new DeviceCounts(2, 1), await devices.CountAsync(Stop));
    }

    [Fact]
    public async Task Modules_are_neither_listed_nor_counted_as_devices()
    {
        var devices = stores.Devices("hub");
        Assert.False(await devices.TryCreateAsync(HubSamples.Device("a/m"), "op", Stop));
        foreach (var id in new[] { "a", "a-", "a0", "b", "a/m", "a/$x", "a0/m", "b/m" })
        {
            Assert.True(await devices.TryCreateAsync(HubSamples.Device(id), "op", Stop), id);
        }

        Assert.Equal(["a", "a-", "a0", "b"], (await devices.ListAsync(null, 10, Stop)).Select(device => device.Id.Value));
        Assert.Equal(new DeviceCounts(4, 0), await devices.CountAsync(Stop));
        Assert.Equal(["a/$x", "a/m"], (await devices.ListModulesAsync(HubSamples.Id("a"), Stop)).Select(module => module.Id.Value));
        Assert.Empty(await devices.ListModulesAsync(HubSamples.Id("a-"), Stop));
    }

    [Fact]
    public async Task A_deleted_device_takes_its_modules_along_and_no_other()
    {
        var devices = stores.Devices("hub");
        foreach (var id in new[] { "a", "a0", "a/m", "a0/m" })
        {
            await devices.TryCreateAsync(HubSamples.Device(id), "op", Stop);
            await stores.Subscriptions("hub").SaveAsync(HubSamples.Id(id), [new("a/#", 1)], Stop);
        }

        Assert.True(await devices.TryDeleteAsync(HubSamples.Id("a"), "1", "op", Stop));
        Assert.Null(await devices.FindAsync(HubSamples.Id("a/m"), Stop));
        Assert.Null(await stores.Twins("hub").FindAsync(HubSamples.Id("a/m"), Stop));
        Assert.Empty(await stores.Subscriptions("hub").LoadAsync(HubSamples.Id("a/m"), Stop));
        Assert.NotNull(await devices.FindAsync(HubSamples.Id("a0/m"), Stop));
        Assert.NotEmpty(await stores.Subscriptions("hub").LoadAsync(HubSamples.Id("a0/m"), Stop));
    }

    private static IEnumerable<DeviceCredential> Credentials() =>
    [
        DeviceCredential.SymmetricKeys.Mint(),
        HubSamples.Thumbprints(new string('a', 40), null),
        new DeviceCredential.CertificateAuthority(),
        new DeviceCredential.FollowsEnrollment("Dev", new EnrollmentReference(IsGroup: true, "Group"), Thumbprint.Of([1, 2, 3])),
    ];
}
