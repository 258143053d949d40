using CsCheck;
using Perennial.Hub.Devicebound;
using Perennial.Hub.Devices;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of messages to devices does.</summary>
public abstract class DeviceboundStoreSuite(Stores stores) : IAsyncDisposable
{
    private static readonly DeviceboundLimits Limits = DeviceboundLimits.Default with { MaxMessages = 4, MaxDeliveries = 3 };

    private static readonly DeviceId Dev = HubSamples.Id("dev");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => stores.Time.GetUtcNow();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task A_message_comes_back_as_it_was_sent()
    {
        var queues = await WithDeviceAsync();
        var sent = HubSamples.ToDevice("dev", "m1", Now) with
        {
            Feedback = RequestedFeedback.Full,
            SystemProperties = new Dictionary<string, string?> { ["correlation-id"] = "c", ["user-id"] = null },
            Properties = new Dictionary<string, string?> { ["a b"] = "ü", ["none"] = null },
        };
        await AddAsync(queues, sent);
        var entry = Assert.Single((await TakeAsync(queues)).Taken);
        var (_, back) = Assert.Single(await queues.LoadAsync([entry.Number], Stop));
        Assert.Equal(sent.Body.ToArray(), back.Body.ToArray());
        Assert.Equal(sent.SystemProperties, back.SystemProperties);
        Assert.Equal(sent.Properties, back.Properties);
        Assert.Equal(
            sent with { Body = default, SystemProperties = back.SystemProperties, Properties = back.Properties }, back with { Body = default });
        Assert.Equal((1, Now + Limits.LockTime), (entry.Deliveries, entry.LockedUntil));
    }

    [Fact]
    public async Task Each_device_of_each_hub_has_a_queue_of_its_own()
    {
        var queues = await WithDeviceAsync();
        await stores.Devices("hub").TryCreateAsync(HubSamples.Device("other"), "op", Stop);
        await stores.Devices("second").TryCreateAsync(HubSamples.Device("dev"), "op", Stop);
        await AddAsync(queues, HubSamples.ToDevice("dev", "1", Now));
        await AddAsync(queues, HubSamples.ToDevice("dev", "2", Now));
        await AddAsync(queues, HubSamples.ToDevice("other", "3", Now));
        await AddAsync(stores.Devicebound("second"), HubSamples.ToDevice("dev", "4", Now));
        Assert.Equal(["1", "2"], (await TakeAsync(queues)).Taken.Select(entry => entry.MessageId));
        var counts = await queues.CountAsync([Dev, HubSamples.Id("other"), HubSamples.Id("nobody")], Stop);
        Assert.Equal([2, 1], [counts[Dev], counts[HubSamples.Id("other")]]);
        Assert.False(counts.ContainsKey(HubSamples.Id("nobody")));
    }

    [Fact]
    public async Task Many_devices_are_counted()
    {
        var queues = await WithDeviceAsync();
        var ids = Enumerable.Range(0, 70).Select(i => HubSamples.Id($"dev-{i}")).ToList();
        foreach (var id in ids)
        {
            await stores.Devices("hub").TryCreateAsync(HubSamples.Device(id.Value), "op", Stop);
            await AddAsync(queues, HubSamples.ToDevice(id.Value, "m", Now));
        }

        var counts = await queues.CountAsync(ids, Stop);
        Assert.All(ids, id => Assert.Equal(1, counts[id]));
    }

    [Fact]
    public async Task A_message_to_nobody_is_not_kept()
    {
        var queues = stores.Devicebound("hub");
        var message = HubSamples.ToDevice("nobody", "1", Now);
        Assert.Null(await queues.ChangeAsync(message.Device, queue => queue.Add(message, Now, Limits), Stop));
        Assert.Empty((await queues.ChangeAsync(message.Device, queue => queue.Sweep(Now, Limits), Stop))!.Next.Entries);
    }

    [Fact]
    public async Task What_is_due_is_found_by_its_time()
    {
        var queues = await WithDeviceAsync();
        await AddAsync(queues, HubSamples.ToDevice("dev", "1", Now));
        Assert.Empty(await queues.FindDueAsync(Now, 10, Stop));
        Assert.True(await queues.HoldsMoreAsync(Dev, new HashSet<long>(), Now, Stop));
        var taken = Assert.Single((await TakeAsync(queues)).Taken);
        Assert.False(await queues.HoldsMoreAsync(Dev, new HashSet<long>(), Now, Stop));
        stores.Time.Advance(Limits.LockTime);
        Assert.True(await queues.HoldsMoreAsync(Dev, new HashSet<long>(), Now, Stop));
        Assert.False(await queues.HoldsMoreAsync(Dev, new HashSet<long> { taken.Number }, Now, Stop));
        Assert.Equal([Dev], await queues.FindDueAsync(Now, 10, Stop));
        await queues.ChangeAsync(Dev, queue => queue.Sweep(Now, Limits), Stop);
        Assert.Empty(await queues.FindDueAsync(Now, 10, Stop));
        stores.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([Dev], await queues.FindDueAsync(Now, 10, Stop));
    }

    [Fact]
    public async Task Deleting_a_device_purges_its_queue_and_says_so()
    {
        var queues = await WithDeviceAsync();
        await AddAsync(queues, HubSamples.ToDevice("dev", "1", Now) with { Feedback = RequestedFeedback.Negative });
        await AddAsync(queues, HubSamples.ToDevice("dev", "2", Now));
        await stores.Devices("hub").TryDeleteAsync(Dev, "1", "op", Stop);
        stores.Time.Advance(Limits.FeedbackDelay);
        var batch = await stores.Feedback("hub").TakeAsync(Now, Limits.LockTime, Limits, Stop);
        Assert.Equal([("1", MessageEnd.Purged)], batch!.Records.Select(record => (record.MessageId, record.End)));
        await stores.Devices("hub").TryCreateAsync(HubSamples.Device("dev"), "op", Stop);
        Assert.Empty((await TakeAsync(queues)).Taken);
    }

    /// <summary>Each act runs on a store that was opened anew, as after a restart.</summary>
    [Fact]
    public async Task Whatever_happens_each_message_ends_once_and_none_is_lost()
    {
        await WithDeviceAsync();
        await Gen.Select(Gen.Int[0, 6], Gen.Int[0, 9], Gen.Int[0, 90]).Array[1, 40].SampleAsync(
            async acts =>
            {
                var run = new DeviceboundRun(() => stores.Devicebound("hub"), Dev, stores.Time, Limits, Stop);
                foreach (var (act, pick, seconds) in acts)
                {
                    await run.ActAsync(act, pick, TimeSpan.FromSeconds(seconds));
                }

                await run.CheckAsync();
            },
            iter: 40,
            threads: 1);
    }

    private static async Task<QueueChange> AddAsync(IDeviceboundStore queues, DeviceboundMessage message) =>
        (await queues.ChangeAsync(message.Device, queue => queue.Add(message, message.Enqueued, Limits), Stop))!;

    private async Task<QueueChange> TakeAsync(IDeviceboundStore queues) =>
        (await queues.ChangeAsync(Dev, queue => queue.Take(10, Limits.LockTime, Now, Limits), Stop))!;

    private async Task<IDeviceboundStore> WithDeviceAsync()
    {
        await stores.Devices("hub").TryCreateAsync(HubSamples.Device("dev"), "op", Stop);
        return stores.Devicebound("hub");
    }
}
