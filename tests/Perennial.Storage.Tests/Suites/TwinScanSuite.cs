using Perennial.Hub.Queries;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every scan of identities with their twins does.</summary>
public abstract class TwinScanSuite(Stores stores) : IAsyncDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Identities_come_with_their_twins_by_id_page_by_page()
    {
        await FillAsync();
        Assert.Equal("B:e a:e c:e d:e", await ListAsync(new TwinRange(), null, 10));
        Assert.Equal("B:e a:e", await ListAsync(new TwinRange(), null, 2));
        Assert.Equal("c:e d:e", await ListAsync(new TwinRange(), "a", 2));
        Assert.Empty(await ListAsync(new TwinRange(), "d", 2));
        var first = (await stores.Scan("hub").ListAsync(new TwinRange(), null, 1, Stop))[0];
        Assert.Equal("""{"of":"B"}""", first.Twin.Tags.GetRawText());
        Assert.Equal(await stores.Devices("hub").FindAsync(first.Device.Id, Stop), first.Device with { ParentScopes = first.Device.ParentScopes });
    }

    [Fact]
    public async Task A_status_narrows_the_range()
    {
        await FillAsync();
        await stores.Devices("hub").TryReplaceAsync(HubSamples.Device("a", "2") with { IsEnabled = false }, "e", "op", Stop);
        Assert.Equal("a:2", await ListAsync(new TwinRange { IsEnabled = false }, null, 10));
        Assert.Equal("B:e c:e", await ListAsync(new TwinRange { IsEnabled = true }, null, 2));
        Assert.Equal("d:e", await ListAsync(new TwinRange { IsEnabled = true }, "c", 2));
    }

    [Fact]
    public async Task Ids_are_looked_up_in_their_order()
    {
        await FillAsync();
        var range = new TwinRange { Ids = [HubSamples.Id("B"), HubSamples.Id("b"), HubSamples.Id("c"), HubSamples.Id("d")] };
        Assert.Equal("B:e c:e", await ListAsync(range, null, 2));
        Assert.Equal("d:e", await ListAsync(range, "c", 2));
    }

    [Fact]
    public async Task Modules_are_a_range_of_their_own()
    {
        await FillAsync();
        foreach (var module in new[] { "a/m1", "a/m2", "a0/m", "c/m1" })
        {
            await stores.Devices("hub").TryCreateAsync(HubSamples.Device(module.Split('/')[0], "e"), "op", Stop);
            await stores.Devices("hub").TryCreateAsync(HubSamples.Device(module, "e"), "op", Stop);
        }

        Assert.Equal("a/m1:e a/m2:e a0/m:e c/m1:e", await ListAsync(new TwinRange { IsModules = true }, null, 10));
        Assert.Equal("a/m1:e a/m2:e", await ListAsync(new TwinRange { IsModules = true, Owner = HubSamples.Id("a") }, null, 10));
        Assert.Equal("a/m2:e", await ListAsync(new TwinRange { IsModules = true, Owner = HubSamples.Id("a") }, "a/m1", 10));
        Assert.Equal("B:e a:e a0:e c:e d:e", await ListAsync(new TwinRange(), null, 10));
    }

    [Fact]
    public async Task The_number_of_devices_follows_each_write()
    {
        await FillAsync();
        var devices = stores.Devices("hub");
        await devices.TryReplaceAsync(HubSamples.Device("a", "2") with { IsEnabled = false }, "e", "op", Stop);
        await devices.TryReplaceAsync(HubSamples.Device("a", "3") with { IsEnabled = false }, "2", "op", Stop);
        await devices.TryCreateAsync(HubSamples.Device("c/m", "e"), "op", Stop);
        await devices.TryCreateAsync(HubSamples.Device("a", "e"), "op", Stop);
        Assert.Equal((3, 1), Counts(await devices.CountAsync(Stop)));
        await devices.TryDeleteAsync(HubSamples.Id("c"), "e", "op", Stop);
        await devices.TryDeleteAsync(HubSamples.Id("a"), "3", "op", Stop);
        Assert.Equal((2, 0), Counts(await devices.CountAsync(Stop)));

        static (long, long) Counts(Perennial.Hub.Devices.DeviceCounts counts) => (counts.Enabled, counts.Disabled);
    }

    private async Task FillAsync()
    {
        foreach (var id in new[] { "c", "a", "B", "d" })
        {
            await stores.Devices("hub").TryCreateAsync(HubSamples.Device(id, "e"), "op", Stop);
            await stores.Twins("hub").ChangeAsync(
                HubSamples.Id(id), twin => twin.Merge(HubSamples.Patch($$"""{"of":"{{id}}"}"""), null, Samples.At), Stop);
            await stores.Devices("other").TryCreateAsync(HubSamples.Device(id, "x"), "op", Stop);
        }
    }

    private async Task<string> ListAsync(TwinRange range, string? after, int max) =>
        string.Join(' ', (await stores.Scan("hub").ListAsync(range, after, max, Stop)).Select(found => $"{found.Twin.Id}:{found.Device.ETag}"));
}
