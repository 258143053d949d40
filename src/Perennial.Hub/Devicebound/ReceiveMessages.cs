using Perennial.Hub.Devices;

namespace Perennial.Hub.Devicebound;

/// <summary>A device receives from its queue.</summary>
public sealed class ReceiveMessages(IDeviceboundStore queues, DeviceboundLimits limits, TimeProvider time)
{
    private static readonly HashSet<long> Nothing = [];

    /// <summary>Takes messages under locks.</summary>
    /// <param name="device">Whose queue.</param>
    /// <param name="max">The most messages.</param>
    /// <param name="lockTime">How long it has to settle them; null for the usual time. Brought within the limits.</param>
    /// <param name="cancellationToken">Stops waiting; messages already taken come back when their locks end.</param>
    public Task<IReadOnlyList<ReceivedMessage>> LockAsync(
        DeviceId device, int max, TimeSpan? lockTime, CancellationToken cancellationToken)
    {
        var held = Bounded(lockTime ?? limits.LockTime);
        return GiveAsync(device, Nothing, (queue, now) => queue.Take(max, held, now, limits), cancellationToken);
    }

    /// <summary>Gives messages to a connection that completes them by number, beside those that it holds.</summary>
    public Task<IReadOnlyList<ReceivedMessage>> PresentAsync(
        DeviceId device, IReadOnlySet<long> held, int max, CancellationToken cancellationToken) =>
        GiveAsync(device, held, (queue, now) => queue.Present(held, max, now, limits), cancellationToken);

    // Most often there is nothing: a read finds that out, and nothing is written.
    private async Task<IReadOnlyList<ReceivedMessage>> GiveAsync(
        DeviceId device, IReadOnlySet<long> held, Func<QueuedMessages, DateTimeOffset, QueueChange> give, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!await queues.HoldsMoreAsync(device, held, now, cancellationToken))
        {
            return [];
        }

        var taken = (await queues.ChangeAsync(device, queue => give(queue, now), cancellationToken))?.Taken ?? [];
        var content = await queues.LoadAsync([.. taken.Select(entry => entry.Number)], cancellationToken);
        return [.. taken.Where(entry => content.ContainsKey(entry.Number)).Select(entry => new ReceivedMessage(entry, content[entry.Number]))];
    }

    private TimeSpan Bounded(TimeSpan lockTime) =>
        lockTime < limits.MinLockTime ? limits.MinLockTime : lockTime > limits.MaxLockTime ? limits.MaxLockTime : lockTime;
}
