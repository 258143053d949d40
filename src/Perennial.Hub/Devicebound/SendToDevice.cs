using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;

namespace Perennial.Hub.Devicebound;

/// <summary>A back end sends a message to a device, connected or not.</summary>
public sealed class SendToDevice(
    IDeviceboundStore queues, IDeviceStore devices, SessionRegistry sessions, DeviceboundLimits limits, TimeProvider time)
{
    /// <returns>What became of it; once it is stored it outlives this process.</returns>
    public async Task<SendOutcome> RunAsync(OutgoingMessage outgoing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outgoing);
        if (await devices.FindAsync(outgoing.Device, cancellationToken) is not { } device)
        {
            return SendOutcome.UnknownDevice;
        }

        var now = time.GetUtcNow();
        var message = Of(outgoing, device, now);
        if (message.Size > DeviceboundMessage.MaxSize)
        {
            return SendOutcome.TooLarge;
        }

        var change = await queues.ChangeAsync(device.Id, queue => queue.Add(message, now, limits), cancellationToken);
        if (change is not { IsDone: true })
        {
            return change is null ? SendOutcome.UnknownDevice : SendOutcome.QueueFull;
        }

        sessions.Find(device.Id)?.Connection.MessagesWaiting();
        return SendOutcome.Stored;
    }

    private DeviceboundMessage Of(OutgoingMessage outgoing, DeviceIdentity device, DateTimeOffset now)
    {
        var latest = now + limits.MaxTimeToLive;
        var expires = outgoing.Expires ?? now + limits.TimeToLive;
        return new DeviceboundMessage
        {
            Device = device.Id,
            Generation = device.GenerationId,
            MessageId = outgoing.MessageId ?? Guid.NewGuid().ToString("D"),
            Feedback = outgoing.Feedback,
            SystemProperties = outgoing.SystemProperties,
            Properties = outgoing.Properties,
            Body = outgoing.Body,
            Enqueued = now,
            Expires = expires < latest ? expires : latest,
        };
    }
}
