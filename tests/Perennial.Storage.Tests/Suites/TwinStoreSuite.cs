using Perennial.Hub.Twins;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of twins does.</summary>
public abstract class TwinStoreSuite(Stores stores) : IAsyncDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Everything_of_a_twin_comes_back()
    {
        var twins = await WithDeviceAsync();
        var changed = (TwinChange.Changed)(await twins.ChangeAsync(
            HubSamples.Id("dev"), twin => twin.Merge(HubSamples.Patch("""{"site":"ü"}"""), HubSamples.Patch("""{"a":{"b":1}}"""), Samples.At), Stop))!;
        var reported = (TwinChange.Changed)(await twins.ChangeAsync(
            HubSamples.Id("dev"), twin => twin.Report(HubSamples.Patch("""{"fw":"1"}"""), Samples.At.AddDays(1)), Stop))!;
        var found = await twins.FindAsync(HubSamples.Id("dev"), Stop);
        Assert.Equal(changed.Next.ETag, found!.ETag);
        Assert.Equal(reported.Next.Version, found.Version);
        Assert.Equal("""{"site":"ü"}""", System.Text.RegularExpressions.Regex.Unescape(found.Tags.GetRawText()));
        Assert.Equal(changed.Next.Desired.Values.GetRawText(), found.Desired.Values.GetRawText());
        Assert.Equal(changed.Next.Desired.Metadata.GetRawText(), found.Desired.Metadata.GetRawText());
        Assert.Equal(2, found.Desired.Version);
        Assert.Equal(reported.Next.Reported.Values.GetRawText(), found.Reported.Values.GetRawText());
        Assert.Equal(reported.Next.Reported.Metadata.GetRawText(), found.Reported.Metadata.GetRawText());
        Assert.Equal(2, found.Reported.Version);
    }

    [Fact]
    public async Task Of_many_changes_at_once_none_is_lost()
    {
        var twins = await WithDeviceAsync();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => twins.ChangeAsync(
            HubSamples.Id("dev"), twin => twin.Report(HubSamples.Patch($$"""{"p{{i}}":{{i}}}"""), Samples.At), Stop)));
        var found = await twins.FindAsync(HubSamples.Id("dev"), Stop);
        Assert.Equal(64, found!.Reported.Values.EnumerateObject().Count());
        Assert.Equal(65, found.Reported.Version);
    }

    [Fact]
    public async Task A_refused_change_writes_nothing()
    {
        var twins = await WithDeviceAsync();
        var refused = new TwinChange.Refused(new TwinFault(TwinFaultKind.Invalid, "no"));
        Assert.Same(refused, await twins.ChangeAsync(HubSamples.Id("dev"), _ => refused, Stop));
        Assert.Equal(2, (await twins.FindAsync(HubSamples.Id("dev"), Stop))!.Version);
    }

    [Fact]
    public async Task A_twin_without_device_is_not_made()
    {
        Assert.Null(await stores.Twins("hub").ChangeAsync(HubSamples.Id("dev"), twin => twin.Report(TwinPatch.Empty, Samples.At), Stop));
        Assert.Null(await stores.Twins("hub").FindAsync(HubSamples.Id("dev"), Stop));
    }

    [Fact]
    public async Task Twins_are_listed_by_id()
    {
        foreach (var id in new[] { "b", "a", "c" })
        {
            await stores.Devices("hub").TryCreateAsync(HubSamples.Device(id), "op", Stop);
        }

        Assert.Equal(["b", "c"], (await stores.Twins("hub").ListAsync(HubSamples.Id("a"), 5, Stop)).Select(twin => twin.Id.Value));
    }

    private async Task<ITwinStore> WithDeviceAsync()
    {
        await stores.Devices("hub").TryCreateAsync(HubSamples.Device("dev"), "op", Stop);
        return stores.Twins("hub");
    }
}
