namespace Perennial.Rolling.Impact;

/// <summary>What a change of trust would do, in numbers.</summary>
/// <param name="Change">The change, for people.</param>
/// <param name="At">When it was computed; it is judged as if it were made then.</param>
/// <param name="Counts">How many devices, by outcome.</param>
/// <param name="Ends">When those that stay accepted lose access by the end of a certificate, by day.</param>
/// <param name="Reasons">Why devices lose access, the most frequent first.</param>
public sealed record ImpactSummary(
    string Change, DateTimeOffset At, ImpactCounts Counts, IReadOnlyList<ImpactEnd> Ends, IReadOnlyList<ImpactReason> Reasons)
{
    /// <summary>Adds up a few devices.</summary>
    public static ImpactSummary Of(string change, DateTimeOffset at, IEnumerable<ImpactedDevice> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        var tally = new ImpactTally();
        foreach (var device in devices)
        {
            tally.Add(device);
        }

        return tally.ToSummary(change, at);
    }
}
