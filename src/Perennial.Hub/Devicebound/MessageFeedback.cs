using Perennial.Hub.Devices;

namespace Perennial.Hub.Devicebound;

/// <summary>What the sender of a message is told of its end.</summary>
/// <param name="Device">For whom the message was.</param>
/// <param name="Generation">The generation of the device identity when it was sent.</param>
/// <param name="MessageId">The id of the message.</param>
/// <param name="End">How it ended.</param>
/// <param name="At">When.</param>
public sealed record MessageFeedback(DeviceId Device, string Generation, string MessageId, MessageEnd End, DateTimeOffset At);
