using Perennial.Hub.Devices;
using Perennial.Hub.Twins;
using Perennial.Provisioning;
using Perennial.Server.Storage;
using Perennial.TestCertificates;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store does with a hub identity that belongs to a registration.</summary>
public abstract class AssignmentStoreSuite(Stores stores) : IAsyncDisposable
{
    private readonly TestCertificate _leaf = TestAuthority.CreateSelfSignedLeaf("dev");
    private int _commits;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task A_new_device_is_made_with_its_first_twin()
    {
        await CommitAsync(Assign("hub", "dev", "1", desired: """{"interval":60}"""));
        Assert.Equal("1", (await FindAsync("hub", "dev"))!.ETag);
        Assert.Equal("""{"interval":60}""", await DesiredAsync("hub", "dev"));
        Assert.Contains("registration 'dev' device.create device 'dev' of hub 'hub'", stores.Audit());
    }

    [Fact]
    public async Task A_device_that_is_there_gets_the_credential_and_keeps_the_rest()
    {
        await CommitAsync(Assign("hub", "dev", "1", desired: """{"a":1}"""));
        var stored = await FindAsync("hub", "dev");
        await stores.Devices("hub").TryReplaceAsync(stored! with { ETag = "2", IsEnabled = false, StatusReason = "stolen" }, "1", "op", Stop);
        await CommitAsync(Assign("hub", "dev", "3", credential: HubSamples.Thumbprints(new string('B', 64), null), desired: """{"b":1}"""));
        var found = await FindAsync("hub", "dev");
        Assert.Equal(("3", false, "stolen"), (found!.ETag, found.IsEnabled, found.StatusReason));
        Assert.Equal(HubSamples.Thumbprints(new string('B', 64), null), found.Credential);
        Assert.Equal("""{"a":1}""", await DesiredAsync("hub", "dev"));
    }

    [Theory]
    [InlineData(true, """{"a":1}""")]
    [InlineData(false, """{"b":1}""")]
    public async Task A_device_moves_with_or_without_its_twin(bool keepsTwin, string expected)
    {
        await CommitAsync(Assign("a", "dev", "1", desired: """{"a":1}"""));
        await stores.Devices("a").TryReplaceAsync((await FindAsync("a", "dev"))! with { ETag = "2", IsEnabled = false }, "1", "op", Stop);
        await CommitAsync(Assign("b", "dev", "3", from: new AssignedPlace("a", HubSamples.Id("dev")), keepsTwin: keepsTwin, desired: """{"b":1}"""));
        Assert.Null(await FindAsync("a", "dev"));
        Assert.Null(await stores.Twins("a").FindAsync(HubSamples.Id("dev"), Stop));
        Assert.False((await FindAsync("b", "dev"))!.IsEnabled);
        Assert.Equal(expected, await DesiredAsync("b", "dev"));
    }

    [Fact]
    public async Task A_registration_that_lost_its_race_leaves_the_hub_alone()
    {
        Assert.False(await stores.Registrations.TryCommitAsync(
            Samples.Registration("dev", "2", Samples.Group("g"), _leaf.Certificate), "stale", [Assign("hub", "dev", "1")], Stop));
        Assert.Null(await FindAsync("hub", "dev"));
    }

    [Fact]
    public async Task A_removed_device_is_gone_and_removing_it_again_does_nothing()
    {
        await CommitAsync(Assign("hub", "dev", "1"));
        await CommitAsync(stores.Assignments.Remove(new AssignedPlace("hub", HubSamples.Id("dev")), "op"));
        Assert.Null(await FindAsync("hub", "dev"));
        await CommitAsync(stores.Assignments.Remove(new AssignedPlace("hub", HubSamples.Id("dev")), "op"));
    }

    private IPendingWrite Assign(
        string hub, string id, string etag, DeviceCredential? credential = null, AssignedPlace? from = null, bool keepsTwin = true, string desired = "{}") =>
        stores.Assignments.Assign(
            new AssignedPlace(hub, HubSamples.Id(id)),
            HubSamples.Device(id, etag, credential),
            Twin.Create(HubSamples.Id(id), Samples.At, TwinPatch.Empty, HubSamples.Patch(desired)),
            from,
            keepsTwin,
            $"registration '{id}'");

    private async Task CommitAsync(IPendingWrite write)
    {
        var next = (++_commits).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var registration = Samples.Registration($"reg-{next}", next, Samples.Group("g"), _leaf.Certificate);
        Assert.True(await stores.Registrations.TryCommitAsync(registration, null, [write], Stop));
    }

    private Task<DeviceIdentity?> FindAsync(string hub, string id) => stores.Devices(hub).FindAsync(HubSamples.Id(id), Stop);

    private async Task<string> DesiredAsync(string hub, string id) =>
        (await stores.Twins(hub).FindAsync(HubSamples.Id(id), Stop))!.Desired.Values.GetRawText();
}
