using Perennial.Hub.Sessions;

namespace Perennial.Hub.Devicebound;

/// <summary>Ends what is over by time alone, for devices that never come too: locks, lives of messages, feedback nobody fetched.</summary>
public sealed class SweepMessages(
    IDeviceboundStore queues, IFeedbackStore feedback, SessionRegistry sessions, DeviceboundLimits limits, TimeProvider time)
{
    private const int Page = 64;

    private DateTimeOffset _trimmed;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        while (await queues.FindDueAsync(now, Page, cancellationToken) is { Count: > 0 } due)
        {
            foreach (var device in due)
            {
                await queues.ChangeAsync(device, queue => queue.Sweep(now, limits), cancellationToken);
                sessions.Find(device)?.Connection.MessagesWaiting();
            }
        }

        if (now - _trimmed >= limits.FeedbackDelay)
        {
            _trimmed = now;
            await feedback.TrimAsync(now - limits.FeedbackTimeToLive, cancellationToken);
        }
    }
}
