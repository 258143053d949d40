using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Perennial.Rolling.Levelling;

/// <summary>
/// Spreads the windows in which devices are to roll, so that a batch that came from the factory on one day does not come back on one day. Pure: the
/// same device, seed and bounds give the same window, whoever asks and however often.
/// </summary>
public static class LevelWindows
{
    /// <summary>How far into a span of time the turn of a device is: even over the devices of a seed, and another one for each seed.</summary>
    /// <param name="device">The registration id; compared without case.</param>
    /// <param name="seed">What the spread is for, the id of a roll for instance.</param>
    /// <param name="span">The span; the turn is at least zero and before its end.</param>
    public static TimeSpan TurnOf(string device, string seed, TimeSpan span)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(seed);
        return span <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.BigMul((ulong)span.Ticks, Share(device, seed), out _));
    }

    /// <summary>
    /// The window in which a device is to roll a leaf by itself: it begins after the share of the leaf's life that its profile says, spread over what
    /// is left of it but for a margin, and lasts to the margin.
    /// </summary>
    /// <param name="device">The registration id.</param>
    /// <param name="seed">What the spread is for.</param>
    /// <param name="leafBegins">When the leaf begins.</param>
    /// <param name="leafEnds">When the leaf ends.</param>
    /// <param name="rollAt">The share of its life after which it is rolled, 0 to 1.</param>
    /// <param name="margin">What is left before the end of the leaf at the end of every window; at most what is left after the share.</param>
    public static RollWindow OfLeaf(string device, string seed, DateTimeOffset leafBegins, DateTimeOffset leafEnds, double rollAt, TimeSpan margin)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leafEnds, leafBegins);
        var first = leafBegins + ((leafEnds - leafBegins) * Math.Clamp(rollAt, 0, 1));
        var last = leafEnds - (margin > TimeSpan.Zero ? margin : TimeSpan.Zero);
        return last <= first ? new RollWindow(first, first) : new RollWindow(first + TurnOf(device, seed, last - first), last);
    }

#pragma warning disable CA1308 // Ids are hashed in the lower case form, as they are kept.
    private static ulong Share(string device, string seed) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed.ToLowerInvariant()}\0{device.ToLowerInvariant()}")));
#pragma warning restore CA1308
}
