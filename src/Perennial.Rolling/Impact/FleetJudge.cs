using System.Collections.Concurrent;
using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>What the counting and the listing of a change's impact share: the judgement of classes, and of devices one by one.</summary>
/// <param name="chains">The chains of the fleet.</param>
/// <param name="judge">Asks the attestation function.</param>
/// <param name="followingHubs">The names of the hubs that ask a device's enrollment at each connect.</param>
internal sealed class FleetJudge(IPresentedChains chains, JudgeChain judge, IReadOnlySet<string> followingHubs)
{
    /// <summary>Leaves that end before this are refused at that moment.</summary>
    public DateTimeOffset EndedBefore(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond)) - judge.ClockSkew;

    public HubTerms TermsOf(string? hub) =>
        hub is null ? HubTerms.Elsewhere : followingHubs.Contains(hub) ? HubTerms.Enrollment : HubTerms.Credential;

    /// <summary>Judges each class by the longest-living of its chains: what ends that one's acceptance, but its own end, ends that of the others.</summary>
    public async Task<IReadOnlyDictionary<long, ClassJudgement>> JudgeClassesAsync(
        IEnumerable<ChainLot> lots, TrustChange change, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var judged = new ConcurrentDictionary<long, ClassJudgement>();
        await Parallel.ForEachAsync(
            lots.GroupBy(lot => lot.Class),
            cancellationToken,
            async (lot, stop) =>
            {
                if (await FindLongestAsync([.. lot], stop) is { } longest)
                {
                    judged[lot.Key] = await judge.LookAsync(longest, change, at, stop);
                }
            });
        return judged;
    }

    /// <summary>Judges devices one by one, in their order; without those that the change does not concern.</summary>
    public async Task<IReadOnlyList<ImpactedDevice>> JudgeEachAsync(
        IReadOnlyList<PresentedChain> devices, TrustChange change, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var judged = new ImpactedDevice?[devices.Count];
        await Parallel.ForAsync(0, devices.Count, cancellationToken, async (i, stop) => judged[i] = await JudgeAsync(devices[i], change, at, stop));
        return [.. judged.OfType<ImpactedDevice>()];
    }

    /// <summary>Judges a device that a key took; null when the change does not concern it.</summary>
    public async Task<ImpactedDevice?> JudgeAsync(PresentedKey device, TrustChange change, DateTimeOffset at, CancellationToken cancellationToken) =>
        Of(device.Device.Value, await judge.LookAsync(device, change, at, cancellationToken), DateTimeOffset.MaxValue, TermsOf(device.Hub));

    /// <summary>The fingerprints of the keys by which a change may concern devices.</summary>
    public Task<IReadOnlyList<Thumbprint>> FindKeysAsync(TrustChange change, CancellationToken cancellationToken) => judge.FindKeysAsync(change, cancellationToken);

    // One hub may have the longest of the day on which the class ends, or another.
    private async Task<PresentedChain?> FindLongestAsync(IReadOnlyList<ChainLot> lots, CancellationToken cancellationToken)
    {
        var lastDay = lots.Max(lot => lot.LastDay);
        var found = new List<PresentedChain>();
        foreach (var lot in lots.Where(lot => lot.LastDay == lastDay))
        {
            if (await chains.FindLongestAsync(lot, cancellationToken) is { } longest)
            {
                found.Add(longest);
            }
        }

        return found.MaxBy(longest => longest.Chain.Leaf.NotAfter);
    }

    private async Task<ImpactedDevice?> JudgeAsync(PresentedChain device, TrustChange change, DateTimeOffset at, CancellationToken cancellationToken) =>
        Of(device.Device.Value, await judge.LookAsync(device, change, at, cancellationToken), device.Chain.Leaf.NotAfter, TermsOf(device.Hub));

    private static ImpactedDevice? Of(string device, ClassJudgement judged, DateTimeOffset leafEnd, HubTerms hub) =>
        judged.Judgement is { } judgement && (!judged.IsUnknown || judgement.IsTurned(hub)) && judgement.OutcomeFor(leafEnd, hub) is { } outcome
            ? new ImpactedDevice(device, outcome, EndOf(judgement, leafEnd, hub), judgement.RefusalFor(hub))
            : judged.IsUnknown ? new ImpactedDevice(device, ImpactOutcome.Unknown, null, null)
            : null;

    // A key has no end.
    private static DateTimeOffset? EndOf(ChainJudgement judgement, DateTimeOffset leafEnd, HubTerms hub) =>
        judgement.EndFor(leafEnd, hub) is { } end && end < DateTimeOffset.MaxValue ? end : null;
}
