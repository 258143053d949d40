using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>
/// Says what a change does to devices that prove themselves by a key. Only a key that stands in an enrollment of the change, before or after it, or
/// that took a device of a blocked group or of an individual enrollment that is gone, can be told otherwise of than before; all devices of one key and hub that registered through one group fare alike, but
/// for those that are judged alone. It serves one request: the keys are sought once.
/// </summary>
internal sealed class KeyFleet(IPresentedKeys keys, FleetJudge fleet, TrustChange change, DateTimeOffset at)
{
    private const int Batch = 1000;

    private IReadOnlyList<Thumbprint>? _keys;

    /// <summary>Counts them.</summary>
    public async Task AddAsync(ImpactTally tally, CancellationToken cancellationToken)
    {
        foreach (var key in await FindKeysAsync(cancellationToken))
        {
            foreach (var lot in await keys.CountAsync(key, cancellationToken))
            {
                if (await fleet.JudgeAsync(lot.First, change, at, cancellationToken) is { } judged)
                {
                    tally.Add(judged, lot.Devices);
                }
            }

            await AddAloneAsync(tally, key, cancellationToken);
        }
    }

    /// <summary>Reads on from a place, at most as many devices as may come on a page.</summary>
    /// <param name="from">The place.</param>
    /// <param name="max">How many devices to look at.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What the change does to them, and where to read on; null when none is left.</returns>
    public async Task<(IReadOnlyList<ImpactedDevice> Devices, ImpactPlace? Next)> ReadAsync(ImpactPlace from, int max, CancellationToken cancellationToken)
    {
        var left = (await FindKeysAsync(cancellationToken)).Where(key => string.CompareOrdinal(key.ToString(), from.Key) >= 0).Take(1).ToList();
        if (left is not [var key])
        {
            return ([], null);
        }

        var seen = await keys.ListAsync(key, alone: false, from.Key == key.ToString() ? from.Device?.Device : null, max, cancellationToken);
        var alike = new Dictionary<(string? Hub, EnrollmentKey? Group), ImpactedDevice?>();
        var judged = new List<ImpactedDevice>();
        foreach (var device in seen)
        {
            if (await JudgeAsync(device, alike, cancellationToken) is { } found)
            {
                judged.Add(found with { Device = device.Device.Value });
            }
        }

        return (judged, seen.Count == max ? ImpactPlace.OfKey(key, seen[^1].Device.Value) : ImpactPlace.BehindKey(key));
    }

    // A hub that does not ask the enrollment refuses by the block of a group whoever registered through it, also by a key that stands nowhere any more.
    private async Task<IReadOnlyList<Thumbprint>> FindKeysAsync(CancellationToken cancellationToken)
    {
        if (_keys is null)
        {
            var standing = await fleet.FindKeysAsync(change, cancellationToken);
            var others = change.BlockedGroup is { } blocked ? await keys.ListKeysAsync(blocked, standing, cancellationToken) : [];
            var gone = standing.Count > 0 ? await keys.ListGoneAsync(cancellationToken) : [];
            _keys = [.. standing.Concat(others).Concat(gone).DistinctBy(key => key.ToString()).OrderBy(key => key.ToString(), StringComparer.Ordinal)];
        }

        return _keys;
    }

    private async Task AddAloneAsync(ImpactTally tally, Thumbprint key, CancellationToken cancellationToken)
    {
        IReadOnlyList<PresentedKey> part = [];
        do
        {
            part = await keys.ListAsync(key, alone: true, part.Count > 0 ? part[^1].Device.Value : null, Batch, cancellationToken);
            foreach (var device in part)
            {
                if (await fleet.JudgeAsync(device, change, at, cancellationToken) is { } judged)
                {
                    tally.Add(judged);
                }
            }
        }
        while (part.Count == Batch);
    }

    private async Task<ImpactedDevice?> JudgeAsync(
        PresentedKey device, Dictionary<(string? Hub, EnrollmentKey? Group), ImpactedDevice?> alike, CancellationToken cancellationToken)
    {
        if (device.IsAlone)
        {
            return await fleet.JudgeAsync(device, change, at, cancellationToken);
        }

        var lot = (device.Hub, device.Group.Key);
        if (!alike.TryGetValue(lot, out var judged))
        {
            judged = await fleet.JudgeAsync(device, change, at, cancellationToken);
            alike.Add(lot, judged);
        }

        return judged;
    }
}
