using Amqp;
using Amqp.Framing;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;
using Perennial.Server.Limits;
using Perennial.Server.Storage;
using TelemetryMessage = Perennial.Hub.Messages.TelemetryMessage;

namespace Perennial.Server.Amqp.Devices;

/// <summary>What one device sends: stored in the order in which it came, and accepted once it is on disk.</summary>
internal sealed class TelemetryLink(ServedHub hub, DeviceMessages messages, TimeProvider time)
{
    private Task _last = Task.CompletedTask;

    /// <summary>Takes one message or a batch. While the database is away they wait, and are then stored one after the other.</summary>
    public Task<Outcome> TakeAsync(IncomingMessage message, CancellationToken ended)
    {
        if (!hub.Limits.TryPass(HubOperation.Telemetry, out var wait))
        {
            return Task.FromResult<Outcome>(AmqpErrors.Reject(AmqpErrors.Throttled, $"Try again in {Math.Ceiling(wait.TotalSeconds)} s."));
        }

        var (made, fault) = Read(message);
        if (made is null)
        {
            return Task.FromResult<Outcome>(fault!);
        }

        var storing = StoreAsync(made, _last, ended);
        _last = storing;
        return storing;
    }

    private async Task<Outcome> StoreAsync(List<TelemetryMessage> made, Task before, CancellationToken ended)
    {
        try
        {
            await hub.Feed.AppendAsync(made, CancellationToken.None);
        }
        catch (StorageUnavailableException)
        {
            await before.WaitAsync(ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await UntilStored.RunAsync(() => hub.Feed.AppendAsync(made, CancellationToken.None), time, ended);
        }

        return new Accepted();
    }

    private (List<TelemetryMessage>? Made, Rejected? Fault) Read(IncomingMessage incoming)
    {
        var whole = incoming.Decode();
        var parts = incoming.Format == AmqpContent.BatchFormat ? AmqpContent.Batched(whole).Select(AmqpCodec.DecodeMessage) : [whole];
        var made = new List<TelemetryMessage>();
        foreach (var part in parts)
        {
            var properties = AmqpContent.PropertiesOf(part);
            if (!AmqpContent.TryReadBody(part, out var body) || properties.System.Count + properties.Application.Count > MessageProperties.MaxCount)
            {
                return (null, AmqpErrors.Reject(AmqpErrors.ArgumentError, "The message cannot be read."));
            }

            var message = messages.Create(properties, body);
            if (message.Size > TelemetryMessage.MaxSize)
            {
                return (null, AmqpErrors.Reject(ErrorCode.MessageSizeExceeded, "The message is too large."));
            }

            made.Add(message);
        }

        return made.Count > 0 ? (made, null) : (null, AmqpErrors.Reject(AmqpErrors.ArgumentError, "The batch is empty."));
    }
}
