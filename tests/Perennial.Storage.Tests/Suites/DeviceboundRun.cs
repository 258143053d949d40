using Microsoft.Extensions.Time.Testing;
using Perennial.Hub.Devicebound;
using Perennial.Hub.Devices;

namespace Perennial.Storage.Tests.Suites;

/// <summary>One random life of a queue, and the account of it: what was accepted, what ended and how.</summary>
internal sealed class DeviceboundRun(
    Func<IDeviceboundStore> open, DeviceId device, FakeTimeProvider time, DeviceboundLimits limits, CancellationToken stop)
{
    private readonly Dictionary<string, int> _ends = new(StringComparer.Ordinal);
    private readonly HashSet<string> _accepted = new(StringComparer.Ordinal);
    private readonly List<QueueEntry> _given = [];
    private readonly HashSet<long> _completed = [];

    private DateTimeOffset Now => time.GetUtcNow();

    public async Task ActAsync(int act, int pick, TimeSpan pause)
    {
        var before = await QueueAsync();
        var change = act switch
        {
            0 or 1 => await AddAsync(),
            2 => await GiveAsync(queue => queue.Take(pick, limits.LockTime, Now, limits)),
            3 => await GiveAsync(queue => queue.Present(new HashSet<long>(), pick, Now, limits)),
            4 or 5 => await SettleAsync(pick),
            _ => await PassAsync(pause),
        };
        foreach (var feedback in change.Feedback)
        {
            _ends[feedback.MessageId] = _ends.GetValueOrDefault(feedback.MessageId) + 1;
        }

        Assert.InRange((await QueueAsync()).Count, 0, limits.MaxMessages);
        Assert.Equal(before.Count - change.Feedback.Count + (change.Added is null ? 0 : 1), (await QueueAsync()).Count);
    }

    public async Task CheckAsync()
    {
        var waiting = (await QueueAsync()).Select(entry => entry.MessageId).ToList();
        Assert.Equal(_accepted.Order(StringComparer.Ordinal), _ends.Keys.Concat(waiting).Order(StringComparer.Ordinal));
        Assert.All(_ends.Values, count => Assert.Equal(1, count));
        await open().ChangeAsync(device, queue => queue.Purge(Now), stop);
        Assert.Empty(await QueueAsync());
    }

    private async Task<QueueChange> AddAsync()
    {
        var message = HubSamples.ToDevice(device.Value, Guid.NewGuid().ToString(), Now) with
        {
            Feedback = RequestedFeedback.Full,
            Expires = Now.AddSeconds(100),
        };
        var change = await ChangeAsync(queue => queue.Add(message, Now, limits));
        Assert.Equal(change.IsDone, change.Added is not null);
        if (change.IsDone)
        {
            _accepted.Add(message.MessageId);
        }

        return change;
    }

    private async Task<QueueChange> GiveAsync(Func<QueuedMessages, QueueChange> give)
    {
        var change = await ChangeAsync(give);
        Assert.All(change.Taken, entry => Assert.DoesNotContain(entry.Number, _completed));
        Assert.Equal(change.Taken.OrderBy(entry => entry.Number), change.Taken);
        _given.AddRange(change.Taken);
        return change;
    }

    private async Task<QueueChange> SettleAsync(int pick)
    {
        if (_given.Count == 0)
        {
            return await PassAsync(TimeSpan.Zero);
        }

        var given = _given[^Math.Min(_given.Count, 1 + (pick / 3))];
        var settlement = (Settlement)(pick % 3);
        var change = await ChangeAsync(queue => given.Lock is { } held
            ? queue.Settle(held, settlement, Now, limits)
            : queue.Complete(given.Number, Now, limits));
        var completes = given.Lock is null || settlement == Settlement.Complete;
        Assert.Equal(
            change.IsDone && completes, change.Feedback.Any(feedback => feedback.MessageId == given.MessageId && feedback.End == MessageEnd.Success));
        if (change.IsDone && completes)
        {
            Assert.True(_completed.Add(given.Number));
        }

        return change;
    }

    private Task<QueueChange> PassAsync(TimeSpan pause)
    {
        time.Advance(pause);
        return ChangeAsync(queue => queue.Sweep(Now, limits));
    }

    private async Task<QueueChange> ChangeAsync(Func<QueuedMessages, QueueChange> change) => (await open().ChangeAsync(device, change, stop))!;

    private async Task<IReadOnlyList<QueueEntry>> QueueAsync()
    {
        IReadOnlyList<QueueEntry> entries = [];
        await open().ChangeAsync(
            device,
            queue =>
            {
                entries = queue.Entries;
                return new QueueChange(queue);
            },
            stop);
        return entries;
    }
}
