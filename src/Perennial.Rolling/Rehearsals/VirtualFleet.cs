using Perennial.Provisioning.Enrollments;

namespace Perennial.Rolling.Rehearsals;

/// <summary>The devices of a rehearsal, and what they do as time goes on. Deterministic by the seed of the scene.</summary>
internal sealed class VirtualFleet
{
    private readonly RehearsalScene _scene;
    private readonly VirtualClock _clock;
    private readonly Dictionary<string, VirtualDevice> _byName;
    private readonly PriorityQueue<(VirtualDevice Device, bool IsEnd), long> _events = new();
    private readonly List<LostDevice> _lost = [];
    private readonly MinuteLoad _issuances;
    private readonly MinuteLoad _registrations;
    private readonly MinuteLoad _handshakes;

    public VirtualFleet(RehearsalScene scene, VirtualClock clock)
    {
        (_scene, _clock) = (scene, clock);
        (_issuances, _registrations, _handshakes) = (new MinuteLoad(scene.Start), new MinuteLoad(scene.Start), new MinuteLoad(scene.Start));
        var canary = scene.Roll.Plan.Canary.ToHashSet(StringComparer.OrdinalIgnoreCase);
        Devices =
        [
            .. scene.Devices.OrderBy(device => canary.Contains(device.Device) ? 0 : 1).ThenBy(device => device.Device, StringComparer.Ordinal)
                .Select((device, place) => new VirtualDevice(device, OriginOf(device, scene, place))),
        ];
        _byName = Devices.ToDictionary(device => device.Seen.Device, StringComparer.OrdinalIgnoreCase);
        Open = Devices.Count(device => device.HoldsOpen);
        Pending = Open;
        Moved = Devices.Count(device => device.IsMoved);
        foreach (var device in Devices.Where(device => !device.IsMoved))
        {
            foreach (var end in new[] { device.AccessEnd, device.HoldsUntil }.OfType<DateTimeOffset>().Distinct())
            {
                _events.Enqueue((device, true), Math.Max(end.UtcTicks, scene.Start.UtcTicks) + 1);
            }
        }
    }

    /// <summary>In the order in which they are offered the new certificate.</summary>
    public IReadOnlyList<VirtualDevice> Devices { get; }

    public IReadOnlyList<LostDevice> Lost => _lost;

    public long Open { get; private set; }

    /// <summary>Those that hold the overlap open and were not offered the new certificate.</summary>
    public long Pending { get; private set; }

    public long Moved { get; private set; }

    public DateTimeOffset? MostMoved { get; private set; }

    public DateTimeOffset? LastMoved { get; private set; }

    /// <summary>Devices that have moved and whose old leaf is still to be retired.</summary>
    public Queue<VirtualDevice> ToRetire { get; } = new();

    /// <summary>The busiest minutes, with the usual work of the fleet beside the roll's.</summary>
    public PeakLoad Peak
    {
        get
        {
            var usual = Devices.Where(device => !device.Seen.IsGone).Select(device => (1 / device.Seen.Rhythm.Mean.TotalMinutes, device.Seen.RegistersAgain)).ToList();
            return new PeakLoad(
                _issuances.Peak,
                _registrations.Peak + (long)Math.Ceiling(usual.Where(device => device.RegistersAgain).Sum(device => device.Item1)),
                _handshakes.Peak + (long)Math.Ceiling(usual.Sum(device => device.Item1)));
        }
    }

    public DateTimeOffset? NextEvent => _events.TryPeek(out _, out var at) ? new DateTimeOffset(at, TimeSpan.Zero) : null;

    public VirtualDevice? Find(string device) => _byName.GetValueOrDefault(device);

    /// <summary>The device counts as offered from now on.</summary>
    public void Claim(VirtualDevice device, int wave)
    {
        (device.Wave, device.Offered) = (wave, _clock.Now);
        Pending -= device.HoldsOpen ? 1 : 0;
    }

    /// <summary>The device is told its window.</summary>
    /// <returns>Why it could not be told; null when it was, or will find it when it comes.</returns>
    public string? Tell(VirtualDevice device, RollOffer offer, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        if (offer == RollOffer.Method && !device.Seen.IsConnected)
        {
            return "The device is not online, or takes no methods.";
        }

        device.Window = (notBefore, notAfter);
        if (!device.Seen.IsGone)
        {
            Schedule(device, device.Seen.IsConnected && offer != RollOffer.Registration ? Due(device) : device.NextContact(_clock.Now));
        }

        return null;
    }

    /// <summary>Everything that happens until now.</summary>
    public void Catch()
    {
        while (_events.TryPeek(out var what, out var at) && at <= _clock.Now.UtcTicks)
        {
            _events.Dequeue();
            var when = new DateTimeOffset(at, TimeSpan.Zero);
            if (what.IsEnd)
            {
                End(what.Device, when);
            }
            else
            {
                Come(what.Device, when);
            }
        }
    }

    /// <summary>What is retired is refused: whoever still has it, an operator's waiver among them, loses access.</summary>
    public void Retire()
    {
        foreach (var device in Devices.Where(device => device is { IsMoved: false, IsLost: false, Seen: { IsGone: false, Prospect: not { IsOldTakenAfterwards: true } } }))
        {
            Lose(device, _clock.Now, "the old certificate is retired, and the device was waived");
        }
    }

    private static DateTimeOffset OriginOf(RehearsedDevice device, RehearsalScene scene, int place) => device.Seen ?? scene.Start - (device.Rhythm.Period * Draw(scene.Seed, place));

    // A number from 0 to below 1, always the same for one seed and place.
    private static double Draw(int seed, int place)
    {
        var mixed = ((ulong)(uint)seed << 32) + (uint)place + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) / (double)(1UL << 53);
    }

    // A device that is connected takes its place in the window by its name, as the agent does.
    private DateTimeOffset Due(VirtualDevice device)
    {
        var place = Draw(_scene.Seed, StableHash(device.Seen.Device));
        var due = device.Window.NotBefore + ((device.Window.NotAfter - device.Window.NotBefore) * place);
        var byItsClock = due - device.Seen.ClockError;
        return byItsClock < _clock.Now ? _clock.Now : byItsClock;
    }

    private static int StableHash(string text) => text.Aggregate(17, (hash, c) => unchecked((hash * 31) + c));

    private void Schedule(VirtualDevice device, DateTimeOffset at)
    {
        if (at <= _scene.Start + RehearsalScene.Horizon)
        {
            _events.Enqueue((device, false), at.UtcTicks);
        }
        else
        {
            device.Miss ??= device.Seen.ClockError < TimeSpan.Zero ? Miss.ClockBehind : null;
        }
    }

    private void Come(VirtualDevice device, DateTimeOffset at)
    {
        if (device.IsMoved || device.IsLost || device.IsEnded)
        {
            return;
        }

        var byItsClock = at + device.Seen.ClockError;
        if (byItsClock < device.Window.NotBefore)
        {
            Schedule(device, device.NextContact(device.Window.NotBefore - device.Seen.ClockError));
        }
        else if (byItsClock > device.Window.NotAfter)
        {
            device.Miss = Miss.WindowOver;
        }
        else
        {
            Roll(device, at);
        }
    }

    private void Roll(VirtualDevice device, DateTimeOffset at)
    {
        device.Miss = FindMiss(device.Seen);
        if (_scene.LeafOf(device.Seen).IsIssuedHere && device.Miss != Miss.NotIssued)
        {
            _issuances.Add(at);
        }

        _registrations.Add(at);
        _handshakes.Add(at);
        if (device.Miss is not null)
        {
            device.IsRefused = device.Miss is Miss.Refused or Miss.HubKnowsOldLeaf;
            return;
        }

        Open -= device.HoldsOpen ? 1 : 0;
        device.IsMoved = true;
        ToRetire.Enqueue(device);
        LastMoved = at;
        Moved++;
        MostMoved ??= Moved * 10 >= Devices.Count * 9L ? at : null;
    }

    private Miss? FindMiss(RehearsedDevice device) => device.Prospect switch
    {
        null => null,
        { Leaf.IssuerFault: not null } => Miss.NotIssued,
        { } prospect when prospect.NewBytes > Math.Max(_scene.DeviceBuffer, prospect.OldBytes) => Miss.ChainTooLong,
        _ when _scene.LeafOf(device) is { SpecimenEnd: null } leaf && device.ClockError < -leaf.Backdating => Miss.ClockBehind,
        { NewRefusal: not null } => Miss.Refused,
        _ when device is { FollowsEnrollment: false, RegistersAgain: false } => Miss.HubKnowsOldLeaf,
        { IsNewTakenByOld: true } => Miss.TakenByOld,
        _ => null,
    };

    private void End(VirtualDevice device, DateTimeOffset at)
    {
        if (device.IsMoved)
        {
            return;
        }

        if (!device.IsEnded && device.HoldsUntil < at)
        {
            Pending -= device.HoldsOpen && device.Wave is null ? 1 : 0;
            Open -= device.HoldsOpen ? 1 : 0;
            device.IsEnded = true;
        }

        if (!device.Seen.IsGone && !device.IsLost && (device.AccessEnd is not { } end || end < at))
        {
            Lose(device, at, ReasonFor(device));
        }
    }

    private void Lose(VirtualDevice device, DateTimeOffset at, string reason)
    {
        device.IsLost = true;
        _lost.Add(new LostDevice(device.Seen.Device, at, reason));
    }

    private static string ReasonFor(VirtualDevice device)
    {
        var what = device.AccessEnd < device.Seen.LeafEnd ? "an authority above its certificate ends" : "its certificate ends";
        var why = device switch
        {
            { Wave: null } => "before its turn",
            { Failure: not null } => "and it could not be told",
            { Miss: Miss.WindowOver } => "and the window that it was told was over when it came",
            { Miss: Miss.ClockBehind } => "and its clock lies behind",
            { Miss: Miss.ChainTooLong } => "and it cannot hold the new chain",
            { Miss: Miss.Refused or Miss.HubKnowsOldLeaf } => "and its new certificate was refused",
            { Miss: Miss.NotIssued } => "and it obtains no new one",
            { Miss: Miss.TakenByOld } => "and what it obtained does not count as new",
            _ => "before it came for the new one",
        };
        return $"{what} {why}";
    }
}
