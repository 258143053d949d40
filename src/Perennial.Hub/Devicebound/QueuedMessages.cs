using Perennial.Hub.Devices;

namespace Perennial.Hub.Devicebound;

/// <summary>
/// The messages that wait for one device, in their order. Each act first does what time has done: locks that are over end, then lives
/// that are over. Pure.
/// </summary>
public sealed record QueuedMessages(DeviceId Device, IReadOnlyList<QueueEntry> Entries)
{
    /// <summary>Ends the locks and lives that are over.</summary>
    public QueueChange Sweep(DateTimeOffset now, DeviceboundLimits limits) => End(now, entry =>
        entry.Lock is null ? EndOfWaiting(entry, now)
        : entry.LockedUntil <= now ? EndOfReturned(entry, now, limits)
        : null);

    /// <summary>Puts a message at the end; not done when the queue is full.</summary>
    public QueueChange Add(DeviceboundMessage message, DateTimeOffset now, DeviceboundLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var swept = Sweep(now, limits);
        return swept.Next.Entries.Count < limits.MaxMessages
            ? swept with { Added = message }
            : swept with { IsDone = false };
    }

    /// <summary>Gives the first messages that nobody holds, each under a lock of its own.</summary>
    public QueueChange Take(int max, TimeSpan lockTime, DateTimeOffset now, DeviceboundLimits limits) => Give(
        entry => entry.Lock is null,
        max,
        entry => entry with { Lock = Guid.NewGuid(), LockedUntil = now + lockTime, Deliveries = entry.Deliveries + 1 },
        now,
        limits);

    /// <summary>Gives messages to a connection that holds them itself: without a lock, and without those it has.</summary>
    public QueueChange Present(IReadOnlySet<long> held, int max, DateTimeOffset now, DeviceboundLimits limits) => Give(
        entry => entry.Lock is null && !held.Contains(entry.Number),
        max,
        entry => entry with { Deliveries = entry.Deliveries + 1 },
        now,
        limits);

    /// <summary>Settles the message under this lock; not done when the lock is lost.</summary>
    public QueueChange Settle(Guid lockToken, Settlement settlement, DateTimeOffset now, DeviceboundLimits limits) => Settle(
        entry => entry.Lock == lockToken,
        entry => settlement switch
        {
            Settlement.Complete => MessageEnd.Success,
            Settlement.Reject => MessageEnd.Rejected,
            _ => EndOfReturned(entry, now, limits),
        },
        now,
        limits);

    /// <summary>Completes a message that a connection holds; not done when it is gone, or held under a lock.</summary>
    public QueueChange Complete(long number, DateTimeOffset now, DeviceboundLimits limits) => Settle(
        entry => entry.Number == number && entry.Lock is null, _ => MessageEnd.Success, now, limits);

    /// <summary>Ends every message.</summary>
    public QueueChange Purge(DateTimeOffset now) => End(now, _ => MessageEnd.Purged) with { Purged = Entries.Count };

    private QueueChange Give(
        Func<QueueEntry, bool> mayGo, int max, Func<QueueEntry, QueueEntry> give, DateTimeOffset now, DeviceboundLimits limits)
    {
        var swept = Sweep(now, limits);
        var taken = swept.Next.Entries.Where(mayGo).Take(max).Select(give).ToList();
        var byNumber = taken.ToDictionary(entry => entry.Number);
        var next = swept.Next.Entries.Select(entry => byNumber.GetValueOrDefault(entry.Number, entry));
        return swept with { Next = this with { Entries = [.. next] }, Taken = taken };
    }

    private QueueChange Settle(
        Func<QueueEntry, bool> isMeant, Func<QueueEntry, MessageEnd?> settle, DateTimeOffset now, DeviceboundLimits limits)
    {
        var swept = Sweep(now, limits);
        if (swept.Next.Entries.FirstOrDefault(isMeant) is not { } meant)
        {
            return swept with { IsDone = false };
        }

        var settled = swept.Next.End(now, entry => entry.Number == meant.Number ? settle(entry) : null, meant.Number);
        return settled with { Feedback = [.. swept.Feedback, .. settled.Feedback] };
    }

    /// <summary>Ends the entries that an end is named for; of the others those lose their lock that it is over for, or that are named.</summary>
    private QueueChange End(DateTimeOffset now, Func<QueueEntry, MessageEnd?> endOf, long? unlock = null)
    {
        var kept = new List<QueueEntry>(Entries.Count);
        var feedback = new List<MessageFeedback>();
        foreach (var entry in Entries)
        {
            if (endOf(entry) is not { } end)
            {
                kept.Add(entry.Number == unlock || entry.LockedUntil <= now ? entry.Unlocked() : entry);
            }
            else if (entry.Feedback.HasFlag(end == MessageEnd.Success ? RequestedFeedback.Positive : RequestedFeedback.Negative))
            {
                feedback.Add(new MessageFeedback(Device, entry.Generation, entry.MessageId, end, now));
            }
        }

        return new QueueChange(this with { Entries = kept }) { Feedback = feedback };
    }

    private static MessageEnd? EndOfWaiting(QueueEntry entry, DateTimeOffset now) => entry.Expires <= now ? MessageEnd.Expired : null;

    private static MessageEnd? EndOfReturned(QueueEntry entry, DateTimeOffset now, DeviceboundLimits limits) =>
        entry.Deliveries >= limits.MaxDeliveries ? MessageEnd.DeliveryCountExceeded : EndOfWaiting(entry, now);
}
