using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Rolling.Impact;

/// <summary>
/// Says, before a change of trust is saved, what it would do to each device: from the chains and keys that devices were last accepted
/// with, by the attestation function itself.
/// </summary>
public sealed class PreviewImpact
{
    private const int Batch = 1000;

    private readonly IPresentedChains _chains;
    private readonly IPresentedKeys _keys;
    private readonly FleetJudge _fleet;
    private readonly TimeProvider _time;

    /// <param name="chains">The chains of the fleet.</param>
    /// <param name="keys">The keys of the fleet.</param>
    /// <param name="judge">Asks the attestation function.</param>
    /// <param name="followingHubs">The names of the hubs that ask a device's enrollment at each connect.</param>
    /// <param name="time">The clock.</param>
    public PreviewImpact(IPresentedChains chains, IPresentedKeys keys, JudgeChain judge, IReadOnlySet<string> followingHubs, TimeProvider time)
    {
        _chains = chains;
        _keys = keys;
        _fleet = new FleetJudge(chains, judge, followingHubs);
        _time = time;
    }

    /// <summary>Counts.</summary>
    public async Task<ImpactSummary> RunAsync(TrustChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var (at, tally) = (_time.GetUtcNow(), new ImpactTally());
        if (change.Only is { } one)
        {
            foreach (var device in await LookAtOneAsync(one, change, at, cancellationToken))
            {
                tally.Add(device);
            }

            return tally.ToSummary(change.Sentence, at);
        }

        var unknown = CountUnknownAsync(change, cancellationToken);
        var ended = _fleet.EndedBefore(at);
        var lots = await _chains.CountAsync(ended, cancellationToken);
        var classes = await _fleet.JudgeClassesAsync(lots, change, at, cancellationToken);
        foreach (var lot in lots)
        {
            await AddAsync(tally, lot, classes.GetValueOrDefault(lot.Class), ended, cancellationToken);
        }

        foreach (var lot in lots.Where(lot => classes.GetValueOrDefault(lot.Class)?.IsOfEach(_fleet.TermsOf(lot.Hub)) == true).DistinctBy(lot => (lot.Class, lot.Hub)))
        {
            await AddEachAsync(tally, new LotRange(lot.Class, lot.Hub, ended, DateTimeOffset.MaxValue), change, at, cancellationToken);
        }

        await AddAloneAsync(tally, change, at, cancellationToken);
        await KeysOf(change, at).AddAsync(tally, cancellationToken);
        tally.Add(ImpactOutcome.Unknown, await unknown, end: null, refusal: null);
        return tally.ToSummary(change.Sentence, at);
    }

    /// <summary>Lists the devices with one outcome, by keyset pages.</summary>
    /// <returns>Null when the page's key is none of this list.</returns>
    public async Task<Page<ImpactedDevice>?> ListAsync(
        TrustChange change, ImpactOutcome outcome, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(page);
        var at = _time.GetUtcNow();
        if (change.Only is { } one)
        {
            var found = await LookAtOneAsync(one, change, at, cancellationToken);
            return new Page<ImpactedDevice>([.. found.Where(device => device.Outcome == outcome)], null);
        }

        return ImpactPlace.TryParse(page.After, out var place)
            ? await new ImpactList(_chains, KeysOf(change, at), _fleet, change, outcome, at).ReadAsync(place, page.Size, cancellationToken)
            : null;
    }

    // Nobody, when the device is refused before and after.
    private async Task<IReadOnlyList<ImpactedDevice>> LookAtOneAsync(
        EnrollmentKey key, TrustChange change, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (RegistrationId.TryParse(key.Id, out var id))
        {
            if (await _keys.FindAsync(id, cancellationToken) is { } used)
            {
                return await _fleet.JudgeAsync(used, change, at, cancellationToken) is { } judged ? [judged] : [];
            }

            if (await _chains.FindAsync(id, cancellationToken) is { } presented)
            {
                return await _fleet.JudgeEachAsync([presented], change, at, cancellationToken);
            }
        }

        return [new ImpactedDevice(key.Id, ImpactOutcome.Unknown, null, null)];
    }

    private KeyFleet KeysOf(TrustChange change, DateTimeOffset at) => new(_keys, _fleet, change, at);

    private async Task<long> CountUnknownAsync(TrustChange change, CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var key in change.Proposed.Keys)
        {
            count += await _chains.CountUnknownAsync(key, cancellationToken);
        }

        return count;
    }

    private async Task AddAsync(ImpactTally tally, ChainLot lot, ClassJudgement? judged, DateTimeOffset ended, CancellationToken cancellationToken)
    {
        var hub = _fleet.TermsOf(lot.Hub);
        if (judged is not { Judgement: { } judgement } || judged.IsOfEach(hub) || judgement.OutcomeFor(DateTimeOffset.MaxValue, hub) is null)
        {
            return;
        }

        var alive = lot.Devices - lot.Ended;
        var dayEnd = new DateTimeOffset(lot.LastDay.ToDateTime(TimeOnly.MaxValue), TimeSpan.Zero);
        if (judgement is { Before: { } before, After: { } after } && after < before && DateOnly.FromDateTime(after.UtcDateTime) == lot.LastDay)
        {
            // The change ends access in the middle of the day on which these leaves end.
            var dayStart = new DateTimeOffset(lot.LastDay.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            var range = new LotRange(lot.Class, lot.Hub, ended > dayStart ? ended : dayStart, after.AddTicks(1));
            var kept = await _chains.CountAsync(range, cancellationToken);
            tally.Add(ImpactOutcome.Keeps, kept, lot.LastDay, refusal: null);
            tally.Add(ImpactOutcome.LosesEarlier, alive - kept, lot.LastDay, refusal: null);
            return;
        }

        var end = judgement.EndFor(dayEnd, hub);
        tally.Add(
            judgement.OutcomeFor(dayEnd, hub)!.Value,
            alive,
            end is { } last ? DateOnly.FromDateTime(last.UtcDateTime) : null,
            judgement.RefusalFor(hub));
    }

    private async Task AddEachAsync(ImpactTally tally, LotRange range, TrustChange change, DateTimeOffset at, CancellationToken cancellationToken)
    {
        SeenDevice? after = null;
        IReadOnlyList<PresentedChain> part;
        do
        {
            part = await _chains.ListChainsAsync(range, after, Batch, cancellationToken);
            await AddEachAsync(tally, part, change, at, cancellationToken);
            after = part.Count > 0 ? new SeenDevice(part[^1].Device.Value, part[^1].Chain.Leaf.NotAfter, range.Hub) : null;
        }
        while (part.Count == Batch);
    }

    private async Task AddAloneAsync(ImpactTally tally, TrustChange change, DateTimeOffset at, CancellationToken cancellationToken)
    {
        IReadOnlyList<PresentedChain> part = [];
        do
        {
            part = await _chains.ListAloneAsync(change.ConcernsEnrolled, part.Count > 0 ? part[^1].Device.Value : null, Batch, cancellationToken);
            await AddEachAsync(tally, part, change, at, cancellationToken);
        }
        while (part.Count == Batch);
    }

    private async Task AddEachAsync(
        ImpactTally tally, IReadOnlyList<PresentedChain> part, TrustChange change, DateTimeOffset at, CancellationToken cancellationToken)
    {
        foreach (var device in await _fleet.JudgeEachAsync(part, change, at, cancellationToken))
        {
            tally.Add(device);
        }
    }
}
