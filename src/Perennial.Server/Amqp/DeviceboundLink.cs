using Amqp;
using Amqp.Framing;
using Perennial.Hub.Devicebound;
using Perennial.Protocol.Hub;
using Perennial.Server.Limits;
using Perennial.Server.Storage;

namespace Perennial.Server.Amqp;

/// <summary>The link on which a back end sends to devices; a message is accepted once it is on disk (hub-protocol §5.2).</summary>
internal sealed class DeviceboundLink(BackEndRight right) : IIncomingEndpoint
{
    public async Task<Outcome> TakeAsync(IncomingMessage message)
    {
        if (right.Refusal is not null)
        {
            return AmqpErrors.Reject(ErrorCode.UnauthorizedAccess, "The token is no longer good.");
        }

        if (!right.Hub.Limits.TryPass(HubOperation.CloudToDevice, out var wait))
        {
            return AmqpErrors.Reject(AmqpErrors.Throttled, $"ErrorCode:{HubError.Throttled.Name};Try again in {Math.Ceiling(wait.TotalSeconds)} s.");
        }

        if (!DeviceboundText.TryRead(message.Decode(), out var outgoing, out var fault))
        {
            return AmqpErrors.Reject(AmqpErrors.ArgumentError, fault);
        }

        try
        {
            return Tell(DeviceboundText.Fits(outgoing) ? await right.Hub.Send.RunAsync(outgoing, CancellationToken.None) : SendOutcome.TooLarge);
        }
        catch (StorageUnavailableException exception)
        {
            return AmqpErrors.Reject(AmqpErrors.Timeout, exception.Message);
        }
    }

    public void Detached()
    {
        // What was taken is stored all the same.
    }

    private static Outcome Tell(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Stored => new Accepted(),
        SendOutcome.UnknownDevice => AmqpErrors.Reject(ErrorCode.NotFound, $"ErrorCode:{HubError.DeviceNotFound.Name}"),
        SendOutcome.QueueFull => AmqpErrors.Reject(
            ErrorCode.ResourceLimitExceeded, $"ErrorCode:{HubError.QueueFull.Name};The queue of the device is full."),
        SendOutcome.TooLarge => AmqpErrors.Reject(ErrorCode.MessageSizeExceeded, $"ErrorCode:{HubError.MessageTooLarge.Name}"),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };
}
