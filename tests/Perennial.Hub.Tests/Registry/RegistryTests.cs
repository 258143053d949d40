using Perennial.Hub.Devices;
using Perennial.Hub.Registry;
using Perennial.Hub.Sessions;
using Perennial.Hub.Tests.Fakes;
using Perennial.TestCertificates;

namespace Perennial.Hub.Tests.Registry;

public sealed class RegistryTests
{
    private readonly World _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_is_created_once()
    {
        await _world.AddAsync("dev");
        Assert.IsType<DeviceWrite.AlreadyExists>(await _world.Create.RunAsync(Ask("dev"), "op", Stop));
    }

    [Fact]
    public async Task A_device_created_again_has_another_generation()
    {
        var first = await _world.AddAsync("dev");
        Assert.IsType<DeviceWrite.Deleted>(await _world.Delete.RunAsync(first.Id, null, "op", Stop));
        Assert.NotEqual(first.GenerationId, (await _world.AddAsync("dev")).GenerationId);
        Assert.Matches("^[0-9]{18}$", first.GenerationId);
    }

    [Fact]
    public async Task A_device_without_authentication_gets_a_pair_of_keys() =>
        Assert.IsType<DeviceCredential.SymmetricKeys>((await _world.AddAsync("dev")).Credential);

    [Fact]
    public async Task Saving_replaces_what_was_there()
    {
        var first = await _world.AddAsync("dev", World.Thumbprints(new string('A', 64)));
        var saved = Assert.IsType<DeviceWrite.Saved>(await _world.Save.RunAsync(Ask("dev"), first.ETag, "op", Stop)).Device;
        Assert.NotEqual(first.ETag, saved.ETag);
        Assert.Equal(first.GenerationId, saved.GenerationId);
        Assert.IsType<DeviceCredential.SymmetricKeys>(saved.Credential);
    }

    [Fact]
    public async Task Saving_on_a_stale_etag_changes_nothing()
    {
        var first = await _world.AddAsync("dev");
        Assert.IsType<DeviceWrite.PreconditionFailed>(await _world.Save.RunAsync(Ask("dev"), "stale", "op", Stop));
        Assert.IsType<DeviceWrite.PreconditionFailed>(await _world.Delete.RunAsync(first.Id, "stale", "op", Stop));
        Assert.Equal(first, await _world.Devices.FindAsync(first.Id, Stop));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        Assert.IsType<DeviceWrite.NotFound>(await _world.Save.RunAsync(Ask("dev"), null, "op", Stop));
        Assert.IsType<DeviceWrite.NotFound>(await _world.Delete.RunAsync(World.Id("dev"), null, "op", Stop));
    }

    [Fact]
    public async Task Disabling_is_dated()
    {
        await _world.AddAsync("dev");
        _world.Time.Advance(TimeSpan.FromDays(1));
        var saved = Assert.IsType<DeviceWrite.Saved>(await _world.Save.RunAsync(Ask("dev") with { IsEnabled = false }, null, "op", Stop));
        Assert.Equal(_world.Time.GetUtcNow(), saved.Device.StatusUpdated);
    }

    [Fact]
    public async Task Disabling_or_deleting_drops_the_live_connection()
    {
        var leaf = TestAuthority.CreateSelfSignedLeaf("dev");
        await _world.AddFollowerAsync("dev", leaf.Certificate);
        var first = await _world.ConnectAsync("dev", World.With(leaf));
        var asked = Ask("dev") with { Credential = World.Thumbprints(leaf.Certificate.Thumbprint.ToString(), leaf.Certificate.Thumbprint.ToString()) };
        await _world.Save.RunAsync(asked with { IsEnabled = false }, null, "op", Stop);
        Assert.Equal([CloseReason.TrustWithdrawn], first.Closed);

        await _world.Save.RunAsync(asked, null, "op", Stop);
        var second = await _world.ConnectAsync("dev", World.With(leaf));
        await _world.Delete.RunAsync(World.Id("dev"), null, "op", Stop);
        Assert.Equal([CloseReason.TrustWithdrawn], second.Closed);
    }

    [Fact]
    public async Task Of_a_by_hand_identity_an_added_thumbprint_keeps_the_connection_and_a_removed_one_drops_it()
    {
        var (old, next) = (TestAuthority.CreateSelfSignedLeaf("dev"), TestAuthority.CreateSelfSignedLeaf("dev"));
        await _world.AddAsync("dev", World.Thumbprints(old.Certificate.Sha1Thumbprint));
        var live = await _world.ConnectAsync("dev", World.With(old));
        await _world.Save.RunAsync(
            Ask("dev") with { Credential = World.Thumbprints(old.Certificate.Sha1Thumbprint, next.Certificate.Sha1Thumbprint) }, null, "op", Stop);
        Assert.Empty(live.Closed);
        await _world.Save.RunAsync(Ask("dev") with { Credential = World.Thumbprints(next.Certificate.Sha1Thumbprint) }, null, "op", Stop);
        Assert.Equal([CloseReason.TrustWithdrawn], live.Closed);
    }

    [Fact]
    public async Task A_module_needs_its_device_and_goes_with_it()
    {
        Assert.IsType<DeviceWrite.NoDevice>(await _world.Create.RunAsync(Ask("dev/mod"), "op", Stop));
        await _world.AddAsync("dev");
        var leaf = TestAuthority.CreateSelfSignedLeaf("mod");
        await _world.AddAsync("dev/mod", World.Thumbprints(leaf.Certificate.Thumbprint.ToString()));
        Assert.IsType<DeviceWrite.AlreadyExists>(await _world.Create.RunAsync(Ask("dev/mod"), "op", Stop));
        var live = await _world.ConnectAsync("dev/mod", World.With(leaf));
        await _world.Delete.RunAsync(World.Id("dev"), null, "op", Stop);
        Assert.Equal([CloseReason.TrustWithdrawn], live.Closed);
        Assert.Null(await _world.Devices.FindAsync(World.Id("dev/mod"), Stop));
    }

    [Fact]
    public async Task Disabling_a_device_drops_its_modules_and_refuses_them()
    {
        await _world.AddAsync("dev");
        var leaf = TestAuthority.CreateSelfSignedLeaf("mod");
        await _world.AddAsync("dev/mod", World.Thumbprints(leaf.Certificate.Thumbprint.ToString()));
        var live = await _world.ConnectAsync("dev/mod", World.With(leaf));
        await _world.Save.RunAsync(Ask("dev") with { IsEnabled = false }, null, "op", Stop);
        Assert.Equal([CloseReason.TrustWithdrawn], live.Closed);
        Assert.Equal(HubRefusals.DeviceDisabled, await _world.RefusalAsync("dev/mod", World.With(leaf)));
    }

    [Fact]
    public async Task A_device_takes_so_many_modules_and_no_more()
    {
        await _world.AddAsync("dev");
        for (var i = 0; i < DeviceIdentity.MaxModules; i++)
        {
            await _world.AddAsync($"dev/m{i}");
        }

        Assert.IsType<DeviceWrite.TooManyModules>(await _world.Create.RunAsync(Ask("dev/one-more"), "op", Stop));
        Assert.Equal(new DeviceCounts(1, 0), await _world.Devices.CountAsync(Stop));
    }

    private static RequestedDevice Ask(string id) => new() { Id = World.Id(id) };
}
