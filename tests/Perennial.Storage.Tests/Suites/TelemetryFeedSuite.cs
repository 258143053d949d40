using Perennial.Hub.Messages;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every telemetry feed does.</summary>
public abstract class TelemetryFeedSuite(Stores stores) : IAsyncDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Everything_of_a_message_comes_back()
    {
        var feed = await stores.OpenFeedAsync("hub", FeedLimits.Default);
        var sent = HubSamples.Message("Dev", 300) with
        {
            SystemProperties = new Dictionary<string, string?> { ["message-id"] = "m1" },
            Properties = new Dictionary<string, string?> { ["a b"] = "ü", ["empty"] = "", ["null"] = null },
        };
        Assert.Equal(1, await feed.AppendAsync([sent], Stop));
        var (sequence, found) = Assert.Single(await feed.ReadAsync(1, 10, Stop));
        Assert.Equal(1, sequence);
        Assert.Equal(sent.Body.ToArray(), found.Body.ToArray());
        Assert.Equal(sent.SystemProperties, found.SystemProperties);
        Assert.Equal(sent.Properties, found.Properties);
        Assert.Equal(
            sent with { Body = default, SystemProperties = found.SystemProperties, Properties = found.Properties },
            found with { Body = default });
    }

    [Fact]
    public async Task Messages_are_read_from_a_sequence_on_in_order()
    {
        var feed = await stores.OpenFeedAsync("hub", FeedLimits.Default);
        Assert.Empty(await feed.ReadAsync(1, 10, Stop));
        Assert.Equal(3, await feed.AppendAsync([HubSamples.Message("a"), HubSamples.Message("b"), HubSamples.Message("c")], Stop));
        Assert.Equal(4, await feed.AppendAsync([HubSamples.Message("d")], Stop));
        Assert.Equal([2L, 3L], (await feed.ReadAsync(2, 2, Stop)).Select(entry => entry.Sequence));
        Assert.Equal(["a", "b", "c", "d"], (await feed.ReadAsync(-5, 10, Stop)).Select(entry => entry.Message.Device.Value));
        Assert.Empty(await feed.ReadAsync(5, 10, Stop));
    }

    [Fact]
    public async Task Messages_appended_at_once_get_sequences_without_gaps()
    {
        var feed = await stores.OpenFeedAsync("hub", FeedLimits.Default);
        var sequences = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => feed.AppendAsync([HubSamples.Message("dev")], Stop)));
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), sequences.Order());
    }

    [Fact]
    public async Task A_feed_tells_what_it_holds()
    {
        var feed = await stores.OpenFeedAsync("hub", new FeedLimits(2, 1 << 20));
        Assert.Equal((new FeedRange(1, 0, null), true), (await feed.RangeAsync(Stop), (await feed.RangeAsync(Stop)).IsEmpty));
        for (var i = 1; i <= 3; i++)
        {
            await feed.AppendAsync([HubSamples.Message("dev") with { Enqueued = Samples.At.AddSeconds(i) }], Stop);
        }

        await feed.TrimAsync();
        Assert.Equal(new FeedRange(2, 3, Samples.At.AddSeconds(3)), await feed.RangeAsync(Stop));
    }

    [Fact]
    public async Task A_message_is_found_by_the_time_it_was_stored_at()
    {
        var feed = await stores.OpenFeedAsync("hub", FeedLimits.Default);
        Assert.Equal(1, await feed.FindAsync(Samples.At, Stop));
        for (var i = 1; i <= 9; i++)
        {
            await feed.AppendAsync([HubSamples.Message("dev") with { Enqueued = Samples.At.AddSeconds(i) }], Stop);
        }

        Assert.Equal(1, await feed.FindAsync(Samples.At, Stop));
        Assert.Equal(5, await feed.FindAsync(Samples.At.AddSeconds(5), Stop));
        Assert.Equal(6, await feed.FindAsync(Samples.At.AddSeconds(5.5), Stop));
        Assert.Equal(10, await feed.FindAsync(Samples.At.AddSeconds(10), Stop));
    }

    [Fact]
    public async Task Times_follow_sequences_when_the_clock_is_set_back()
    {
        var feed = await stores.OpenFeedAsync("hub", FeedLimits.Default);
        foreach (var seconds in new[] { 5, 2, 3, 8 })
        {
            await feed.AppendAsync([HubSamples.Message("dev") with { Enqueued = Samples.At.AddSeconds(seconds) }], Stop);
        }

        var times = (await feed.ReadAsync(1, 10, Stop)).Select(entry => (entry.Message.Enqueued - Samples.At).TotalSeconds);
        Assert.Equal([5, 5, 5, 8], times);
        Assert.Equal(1, await feed.FindAsync(Samples.At.AddSeconds(5), Stop));
        Assert.Equal(4, await feed.FindAsync(Samples.At.AddSeconds(5.1), Stop));
    }

    [Fact]
    public async Task Two_hubs_have_feeds_of_their_own()
    {
        var (a, b) = (await stores.OpenFeedAsync("a", FeedLimits.Default), await stores.OpenFeedAsync("b", FeedLimits.Default));
        await a.AppendAsync([HubSamples.Message("one")], Stop);
        Assert.Empty(await b.ReadAsync(1, 10, Stop));
        Assert.Equal(1, await b.AppendAsync([HubSamples.Message("two")], Stop));
        Assert.Equal("one", Assert.Single(await a.ReadAsync(1, 10, Stop)).Message.Device.Value);
    }

    [Fact]
    public async Task A_feed_opened_again_goes_on_where_it_was()
    {
        await (await stores.OpenFeedAsync("hub", FeedLimits.Default)).AppendAsync([HubSamples.Message("dev")], Stop);
        var again = await stores.OpenFeedAsync("hub", FeedLimits.Default);
        Assert.Equal(2, await again.AppendAsync([HubSamples.Message("dev")], Stop));
    }

    [Fact]
    public async Task Beyond_the_count_the_oldest_are_dropped_and_sequences_go_on()
    {
        var feed = await stores.OpenFeedAsync("hub", new FeedLimits(100, long.MaxValue));
        for (var i = 0; i < 50; i++)
        {
            await feed.AppendAsync([.. Enumerable.Repeat(HubSamples.Message("dev"), 10)], Stop);
        }

        await feed.TrimAsync();
        var kept = await feed.ReadAsync(1, 1000, Stop);
        Assert.Equal(Enumerable.Range(401, 100).Select(i => (long)i), kept.Select(entry => entry.Sequence));
        Assert.Equal(501, await feed.AppendAsync([HubSamples.Message("dev")], Stop));
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(1)]
    public async Task Beyond_the_bytes_the_oldest_are_dropped_but_never_the_last(int bytes)
    {
        var feed = await stores.OpenFeedAsync("hub", new FeedLimits(1_000_000, bytes));
        for (var i = 0; i < 100; i++)
        {
            await feed.AppendAsync([HubSamples.Message("dev", 1000)], Stop);
        }

        await feed.TrimAsync();
        var kept = await feed.ReadAsync(1, 1000, Stop);
        Assert.InRange(kept.Sum(entry => entry.Message.Size), 1, Math.Max(bytes, 1000));
        Assert.Equal(100, kept[^1].Sequence);
        Assert.True(kept.Count >= bytes / 1000);
    }

    [Fact]
    public async Task Whoever_waits_hears_of_the_next_message()
    {
        var feed = await stores.OpenFeedAsync("hub", FeedLimits.Default);
        await feed.AppendAsync([HubSamples.Message("dev")], Stop);
        await feed.WaitAsync(1, Stop);
        var waiting = feed.WaitAsync(3, Stop);
        await feed.AppendAsync([HubSamples.Message("dev")], Stop);
        Assert.False(waiting.IsCompleted);
        await feed.AppendAsync([HubSamples.Message("dev")], Stop);
        await waiting;
    }

    [Fact]
    public async Task A_page_of_large_messages_is_short()
    {
        var feed = await stores.OpenFeedAsync("hub", FeedLimits.Default);
        for (var i = 0; i < 40; i++)
        {
            await feed.AppendAsync([HubSamples.Message("dev", 256 * 1024)], Stop);
        }

        Assert.InRange((await feed.ReadAsync(1, 40, Stop)).Count, 1, 39);
    }
}
