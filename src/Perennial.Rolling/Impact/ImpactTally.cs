using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>Adds up what a change does to devices.</summary>
internal sealed class ImpactTally
{
    private readonly Dictionary<ImpactOutcome, long> _counts = [];
    private readonly SortedDictionary<DateOnly, long> _ends = [];
    private readonly Dictionary<int, ImpactReason> _reasons = [];

    public void Add(ImpactOutcome outcome, long devices, DateOnly? end, Refusal? refusal)
    {
        if (devices == 0)
        {
            return;
        }

        _counts[outcome] = _counts.GetValueOrDefault(outcome) + devices;
        if (end is { } day)
        {
            _ends[day] = _ends.GetValueOrDefault(day) + devices;
        }

        if (refusal is not null)
        {
            var known = _reasons.GetValueOrDefault(refusal.Reason.Number);
            _reasons[refusal.Reason.Number] = new ImpactReason(known?.Refusal ?? refusal, (known?.Devices ?? 0) + devices);
        }
    }

    /// <summary>Adds devices that fare as this one does.</summary>
    public void Add(ImpactedDevice device, long devices) =>
        Add(device.Outcome, devices, device.End is { } end ? DateOnly.FromDateTime(end.UtcDateTime) : null, device.Refusal);

    public void Add(ImpactedDevice device) => Add(device, 1);

    public ImpactSummary ToSummary(string change, DateTimeOffset at) => new(
        change,
        at,
        new ImpactCounts
        {
            Keeps = Of(ImpactOutcome.Keeps),
            LosesAtOnce = Of(ImpactOutcome.LosesAtOnce),
            Drains = Of(ImpactOutcome.Drains),
            LosesAtRegistration = Of(ImpactOutcome.LosesAtRegistration),
            LosesEarlier = Of(ImpactOutcome.LosesEarlier),
            Unknown = Of(ImpactOutcome.Unknown),
            Gains = Of(ImpactOutcome.Gains),
        },
        [.. _ends.Select(end => new ImpactEnd(end.Key, end.Value))],
        [.. _reasons.Values.OrderByDescending(reason => reason.Devices)]);

    private long Of(ImpactOutcome outcome) => _counts.GetValueOrDefault(outcome);
}
