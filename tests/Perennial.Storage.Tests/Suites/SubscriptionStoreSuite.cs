using Perennial.Hub.Sessions;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of subscriptions does.</summary>
public abstract class SubscriptionStoreSuite(Stores stores) : IAsyncDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task What_was_subscribed_comes_back_at_its_last_level()
    {
        var subscriptions = await WithDeviceAsync();
        await subscriptions.SaveAsync(HubSamples.Id("dev"), [new("a/#", 0), new("b/#", 1)], Stop);
        await subscriptions.SaveAsync(HubSamples.Id("dev"), [new("a/#", 1)], Stop);
        Assert.Equal(
            [new StoredSubscription("a/#", 1), new StoredSubscription("b/#", 1)],
            (await subscriptions.LoadAsync(HubSamples.Id("dev"), Stop)).OrderBy(subscription => subscription.Filter, StringComparer.Ordinal));
        Assert.Empty(await stores.Subscriptions("other").LoadAsync(HubSamples.Id("dev"), Stop));
    }

    [Fact]
    public async Task What_was_unsubscribed_is_gone()
    {
        var subscriptions = await WithDeviceAsync();
        await subscriptions.SaveAsync(HubSamples.Id("dev"), [new("a/#", 0), new("b/#", 1), new("c/#", 1)], Stop);
        await subscriptions.RemoveAsync(HubSamples.Id("dev"), ["a/#", "unheard/#"], Stop);
        Assert.Equal(2, (await subscriptions.LoadAsync(HubSamples.Id("dev"), Stop)).Count);
        await subscriptions.ClearAsync(HubSamples.Id("dev"), Stop);
        Assert.Empty(await subscriptions.LoadAsync(HubSamples.Id("dev"), Stop));
    }

    [Fact]
    public async Task An_unknown_device_has_no_subscriptions()
    {
        await stores.Subscriptions("hub").SaveAsync(HubSamples.Id("nobody"), [new("a/#", 0)], Stop);
        Assert.Empty(await stores.Subscriptions("hub").LoadAsync(HubSamples.Id("nobody"), Stop));
    }

    private async Task<ISubscriptionStore> WithDeviceAsync()
    {
        await stores.Devices("hub").TryCreateAsync(HubSamples.Device("dev"), "op", Stop);
        return stores.Subscriptions("hub");
    }
}
