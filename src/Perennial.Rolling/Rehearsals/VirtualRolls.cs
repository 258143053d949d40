using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;
using Perennial.X509;

namespace Perennial.Rolling.Rehearsals;

/// <summary>The one roll of a rehearsal, in memory: the same words as storage has for it.</summary>
internal sealed class VirtualRolls(Roll roll, VirtualFleet fleet, VirtualClock clock) : IRollStore
{
    private const int OutsideDevices = 500;

    private readonly List<VirtualDevice> _wave = [];
    private readonly Queue<VirtualDevice> _unsent = new();
    private readonly Queue<DateTimeOffset> _lately = new();
    private readonly List<RehearsedWave> _waves = [];
    private int _next;

    public Roll Roll { get; private set; } = roll;

    public IReadOnlyList<RehearsedWave> Waves => _wave.Count == 0 ? _waves : [.. _waves, WaveNow];

    /// <summary>The devices of the wave that is under way.</summary>
    public IReadOnlyList<VirtualDevice> Wave => _wave;

    /// <summary>The first wave of which too few devices moved or were waived; null for none.</summary>
    public StuckWave? Stuck { get; private set; }

    private RehearsedWave WaveNow => new(Roll.Wave, _wave.Min(device => device.Offered)!.Value, _wave.Count);

    public Task<Roll?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult<Roll?>(Roll);

    /// <summary>Notes whether too few devices of the wave have moved for its gate.</summary>
    public void NoteStuck()
    {
        var moved = _wave.Count(device => device.IsMoved || device.Seen.IsWaived);
        if (moved < Roll.Plan.Gate * _wave.Count)
        {
            Stuck ??= new StuckWave(Roll.Wave, _wave.Count, moved, _wave.Count(device => device.Seen.IsGone));
        }
    }

    public Task<bool> TryChangeAsync(Roll roll, string action, string actor, CancellationToken cancellationToken)
    {
        if (roll.Wave != Roll.Wave)
        {
            _waves.Add(WaveNow);
            NoteStuck();
            _wave.Clear();
        }

        Roll = roll with { Version = roll.Version + 1 };
        return Task.FromResult(true);
    }

    public Task GatherAsync(Roll roll, bool all, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<RollFacts> ReadFactsAsync(Roll roll, Func<string, bool> isConnected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (_lately.TryPeek(out var at) && at <= now.AddMinutes(-1))
        {
            _lately.Dequeue();
        }

        return Task.FromResult(new RollFacts
        {
            IsStaged = true,
            Wave = ReadWave(roll.Plan, now),
            Outside = ReadOutside(roll.Plan, now),
            Pending = fleet.Pending,
            Open = fleet.Open,
            Devices = fleet.Devices.Count,
            OfferedLately = _lately.Count + _unsent.Count,
        });
    }

    public Task<IReadOnlyList<string>> ClaimAsync(Roll roll, int max, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var claimed = new List<string>();
        for (; _next < fleet.Devices.Count && claimed.Count < max; _next++)
        {
            var device = fleet.Devices[_next];
            if (device.HoldsOpen)
            {
                fleet.Claim(device, roll.Wave);
                _wave.Add(device);
                _unsent.Enqueue(device);
                claimed.Add(device.Seen.Device);
            }
        }

        return Task.FromResult<IReadOnlyList<string>>(claimed);
    }

    public Task<IReadOnlyList<string>> ListUnsentAsync(Roll roll, int max, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. _unsent.Take(max).Select(device => device.Seen.Device)]);

    public Task NoteSentAsync(Roll roll, string device, DateTimeOffset windowBegins, string? failure, CancellationToken cancellationToken)
    {
        var sent = _unsent.Dequeue();
        (sent.IsSent, sent.Offered, sent.Opens, sent.Failure) = (true, clock.Now, windowBegins, failure);
        _lately.Enqueue(clock.Now);
        if (failure is null && sent.Window == default)
        {
            // It is told by nothing but its registration, or rolls of itself: at its next contact.
            fleet.Tell(sent, RollOffer.Registration, windowBegins, windowBegins + roll.Plan.OfferWindow);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<RollMember>> ListToRetireAsync(Roll roll, int max, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RollMember>>([.. fleet.ToRetire.Take(max).Select(device => new RollMember(device.Seen.Device, device.Seen.Old!.Value))]);

    public Task NoteRetiredAsync(Roll roll, string device, CancellationToken cancellationToken)
    {
        fleet.ToRetire.Dequeue().IsRetired = true;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Roll>> ListRunningAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Roll>>([Roll]);

    public Task<Page<Roll>> ListAsync(PageRequest page, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<bool> TryCreateAsync(Roll roll, IReadOnlyList<RollMember> members, string actor, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<bool> TryReplaceAsync(Roll roll, IReadOnlyList<RollMember> members, string actor, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<IReadOnlyList<Roll>> ListUnsettledAsync(CancellationToken cancellationToken) => throw NotPlayed();

    public Task SettleAsync(Roll roll, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<IReadOnlyList<string>> ListToWithdrawAsync(Roll roll, int max, CancellationToken cancellationToken) => throw NotPlayed();

    public Task NoteWithdrawnAsync(Roll roll, string device, CancellationToken cancellationToken) => throw NotPlayed();

    public Task ForgetFailuresAsync(Roll roll, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task NoteReportAsync(string device, string? failure, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<OfferedDevice?> FindOfferedAsync(string device, DateTimeOffset now, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<bool> TryHastenAsync(Roll roll, string reason, string actor, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<bool> TryWaiveAsync(Roll roll, string device, string reason, string actor, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<IReadOnlyList<EnrollmentKey>> ListTrustingAsync(IReadOnlyList<Certificate> certificates, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<RollProgress> ReadProgressAsync(Roll roll, DateTimeOffset now, CancellationToken cancellationToken) => throw NotPlayed();

    public Task<Page<RollDevice>> ListDevicesAsync(Roll roll, bool onlyOpen, PageRequest page, DateTimeOffset now, CancellationToken cancellationToken) => throw NotPlayed();

    private static NotSupportedException NotPlayed() => new("An operator's act is no part of a rehearsal.");

    private WaveFacts ReadWave(RollPlan plan, DateTimeOffset now)
    {
        var (done, failed, refused, lost, last) = (0L, 0L, 0L, 0L, (DateTimeOffset?)null);
        foreach (var device in _wave)
        {
            done += device.HoldsOpen ? 0 : 1;
            failed += device is { Failure: not null, IsMoved: false } ? 1 : 0;
            refused += device.IsRefused ? 1 : 0;
            lost += device is { IsMoved: false, Opens: { } opens } && now - opens >= plan.ContactWithin && device.IsSilentSince(opens, now) ? 1 : 0;
            last = last is null || device.Offered > last ? device.Offered : last;
        }

        return new WaveFacts { Offered = _wave.Count, Done = done, Watched = _wave.Count, Failed = failed, Refused = refused, Lost = lost, LastOffered = last };
    }

    private OutsideFacts ReadOutside(RollPlan plan, DateTimeOffset now)
    {
        var (devices, silent) = (0L, 0L);
        for (var i = _next; i < fleet.Devices.Count && devices < OutsideDevices; i++, devices++)
        {
            silent += !fleet.Devices[i].IsMoved && fleet.Devices[i].IsSilentSince(now - plan.ContactWithin, now) ? 1 : 0;
        }

        return new OutsideFacts(devices, silent);
    }
}
