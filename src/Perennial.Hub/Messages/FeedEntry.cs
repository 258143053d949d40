namespace Perennial.Hub.Messages;

/// <summary>A message in the feed of its hub.</summary>
/// <param name="Sequence">Starts at 1 and has no gaps; older ones may be gone.</param>
/// <param name="Message">The message.</param>
public sealed record FeedEntry(long Sequence, TelemetryMessage Message);
