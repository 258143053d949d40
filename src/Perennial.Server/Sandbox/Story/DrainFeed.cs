using Perennial.Protocol.Hub;

namespace Perennial.Server.Sandbox.Story;

/// <summary>Reads the feed to its end; while something is missing, waits for more.</summary>
internal sealed class DrainFeed(Func<long, CancellationToken, IAsyncEnumerable<TelemetryFeedLine>> readFeed, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async Task RunAsync(TelemetryLedger ledger, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var next = 1L;
            for (var atEnd = false; !atEnd || ledger.Lost > 0;)
            {
                var before = next;
                await foreach (var line in readFeed(next, both.Token))
                {
                    ledger.Receive(line);
                    next = line.Sequence + 1;
                    patience.CancelAfter(Patience);
                }

                atEnd = next == before;
                if (atEnd && ledger.Lost > 0)
                {
                    await Task.Delay(Pause, time, both.Token);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What is missing now is lost.
        }
    }
}
