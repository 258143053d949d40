namespace Perennial.Hub.Devicebound;

/// <summary>A message given to its device, and its place in the queue.</summary>
public sealed record ReceivedMessage(QueueEntry Entry, DeviceboundMessage Message);
