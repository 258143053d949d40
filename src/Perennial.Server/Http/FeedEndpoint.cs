using Perennial.Hub.Messages;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;

namespace Perennial.Server.Http;

/// <summary>The telemetry feed over HTTPS: newline-delimited JSON from a sequence on.</summary>
internal static class FeedEndpoint
{
    private const int DefaultCount = 1000;
    private const int MaxCount = 10_000;
    private const int MaxWait = 60;

    /// <summary>
    /// <c>from</c> the sequence to begin with (1), <c>max</c> messages at most (1,000), <c>wait</c> seconds for the first of them (0). A
    /// page also ends after some megabytes; the next one begins after its last sequence.
    /// </summary>
    public static async Task<HubReply> ReadAsync(HubCall call)
    {
        var from = call.Number("from", 1, 1, long.MaxValue);
        var wait = TimeSpan.FromSeconds(call.Number("wait", 0, 0, MaxWait));
        if (wait > TimeSpan.Zero)
        {
            await WaitAsync(call, from, wait);
        }

        var entries = await call.Hub.Feed.ReadAsync(from, (int)call.Number("max", DefaultCount, 1, MaxCount), call.Aborted);
        using var body = new MemoryStream();
        foreach (var entry in entries)
        {
            body.Write(Line(entry).ToLine());
        }

        return new HubReply { Body = body.ToArray(), ContentType = TelemetryFeedLine.ContentType };
    }

    private static async Task WaitAsync(HubCall call, long from, TimeSpan wait)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted);
        late.CancelAfter(wait);
        await call.Hub.Feed.WaitAsync(from, late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static TelemetryFeedLine Line(FeedEntry entry)
    {
        var message = entry.Message;
        var system = new Dictionary<string, string?>(message.SystemProperties, StringComparer.Ordinal)
        {
            [StampedProperty.EnqueuedTime] = Perennial.Protocol.WireTime.Format(message.Enqueued),
        };
        foreach (var (name, value) in StampedProperties.Of(message))
        {
            system[name] = value;
        }

        return new TelemetryFeedLine
        {
            Sequence = entry.Sequence,
            DeviceId = message.Device.Device,
            ModuleId = message.Device.Module,
            EnqueuedTime = message.Enqueued,
            Properties = new TelemetryFeedProperties { System = system, Application = message.Properties },
            Body = message.Body,
        };
    }
}
