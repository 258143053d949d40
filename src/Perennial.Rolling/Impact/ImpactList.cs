using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Rolling.Impact;

/// <summary>Reads a page of the devices to which a change does one thing.</summary>
internal sealed class ImpactList(IPresentedChains chains, KeyFleet keys, FleetJudge fleet, TrustChange change, ImpactOutcome outcome, DateTimeOffset at)
{
    private readonly List<ImpactedDevice> _found = [];
    private int _size;

    private int Open => _size - _found.Count;

    public async Task<Page<ImpactedDevice>> ReadAsync(ImpactPlace from, int size, CancellationToken cancellationToken)
    {
        _size = size;
        ImpactPlace? next = from;
        while (next is not null && Open > 0)
        {
            next = next.Section switch
            {
                ImpactSection.Classes => outcome == ImpactOutcome.Unknown
                    ? new ImpactPlace(ImpactSection.Keys, null, null)
                    : await ReadClassesAsync(next, cancellationToken),
                ImpactSection.Alone => await ReadAloneAsync(next.Device, cancellationToken),
                ImpactSection.Keys => await ReadKeysAsync(next, cancellationToken),
                _ => await ReadUnknownAsync(next.Device, cancellationToken),
            };
        }

        return new Page<ImpactedDevice>(_found, next?.ToString());
    }

    private async Task<ImpactPlace?> ReadClassesAsync(ImpactPlace from, CancellationToken cancellationToken)
    {
        var lots = await chains.ListClassesAsync(cancellationToken);
        var judged = await fleet.JudgeClassesAsync(lots, change, at, cancellationToken);
        foreach (var lot in lots.SkipWhile(lot => from.Lot is { } last && IsBefore(lot, last)))
        {
            var after = from.Lot is { } last && (lot.Class, lot.Hub) == (last.Class, last.Hub) ? from.Device : null;
            if (judged.GetValueOrDefault(lot.Class) is { } judgement
                && judgement.RangeOf(outcome, lot, fleet.TermsOf(lot.Hub), fleet.EndedBefore(at)) is { } range
                && await ReadRangeAsync(judgement, lot, range, after, cancellationToken) is { } place)
            {
                return place;
            }
        }

        return new ImpactPlace(ImpactSection.Alone, null, null);
    }

    private static bool IsBefore(ChainLot lot, ChainLot last) =>
        lot.Class < last.Class || (lot.Class == last.Class && string.CompareOrdinal(lot.Hub ?? "", last.Hub ?? "") < 0);

    /// <returns>Where the page ended; null when the range did.</returns>
    private async Task<ImpactPlace?> ReadRangeAsync(
        ClassJudgement judged, ChainLot lot, LotRange range, SeenDevice? after, CancellationToken cancellationToken)
    {
        while (Open > 0)
        {
            var wanted = Open;
            var seen = judged.IsOfEach(fleet.TermsOf(range.Hub))
                ? await ReadEachAsync(range, after, wanted, cancellationToken)
                : await ReadWithClassAsync(judged.Judgement!, range, after, wanted, cancellationToken);
            if (seen.Count < wanted)
            {
                return null;
            }

            after = seen[^1];
        }

        return new ImpactPlace(ImpactSection.Classes, lot, after);
    }

    private async Task<IReadOnlyList<SeenDevice>> ReadWithClassAsync(
        ChainJudgement judgement, LotRange range, SeenDevice? after, int wanted, CancellationToken cancellationToken)
    {
        var seen = await chains.ListAsync(range, after, wanted, cancellationToken);
        var hub = fleet.TermsOf(range.Hub);
        _found.AddRange(seen.Select(device => new ImpactedDevice(device.Device, outcome, judgement.EndFor(device.LeafEnd, hub), judgement.RefusalFor(hub))));
        return seen;
    }

    private async Task<IReadOnlyList<SeenDevice>> ReadEachAsync(LotRange range, SeenDevice? after, int wanted, CancellationToken cancellationToken)
    {
        var seen = await chains.ListChainsAsync(range, after, wanted, cancellationToken);
        Take(await fleet.JudgeEachAsync(seen, change, at, cancellationToken));
        return [.. seen.Select(device => new SeenDevice(KeyOf(device), device.Chain.Leaf.NotAfter, device.Hub))];
    }

    private async Task<ImpactPlace?> ReadAloneAsync(SeenDevice? after, CancellationToken cancellationToken)
    {
        var wanted = Open;
        var seen = await chains.ListAloneAsync(change.ConcernsEnrolled, after?.Device, wanted, cancellationToken);
        Take(await fleet.JudgeEachAsync(seen, change, at, cancellationToken));
        if (seen.Count < wanted)
        {
            return new ImpactPlace(ImpactSection.Keys, null, null);
        }

        return new ImpactPlace(ImpactSection.Alone, null, new SeenDevice(KeyOf(seen[^1]), default, null));
    }

    private async Task<ImpactPlace?> ReadKeysAsync(ImpactPlace from, CancellationToken cancellationToken)
    {
        var (devices, next) = await keys.ReadAsync(from, Open, cancellationToken);
        Take(devices);
        return next ?? (outcome == ImpactOutcome.Unknown ? new ImpactPlace(ImpactSection.Unknown, null, null) : null);
    }

    private async Task<ImpactPlace?> ReadUnknownAsync(SeenDevice? after, CancellationToken cancellationToken)
    {
        // The ids of several enrollments follow each other in one order.
        var wanted = Open;
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        foreach (EnrollmentKey key in change.Proposed.Keys)
        {
            ids.UnionWith(await chains.ListUnknownAsync(key, after?.Device, wanted, cancellationToken));
        }

        _found.AddRange(ids.Take(wanted).Select(id => new ImpactedDevice(id, ImpactOutcome.Unknown, null, null)));
        return ids.Count >= wanted ? new ImpactPlace(ImpactSection.Unknown, null, new SeenDevice(_found[^1].Device, default, null)) : null;
    }

    private void Take(IEnumerable<ImpactedDevice> devices) => _found.AddRange(devices.Where(device => device.Outcome == outcome));

#pragma warning disable CA1308 // Keys are in lower case.
    private static string KeyOf(PresentedChain device) => device.Device.Value.ToLowerInvariant();
#pragma warning restore CA1308
}
