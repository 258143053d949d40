using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Retirement;
using Perennial.Rolling.Rolls;

namespace Perennial.Rolling.Rehearsals;

/// <summary>
/// Plays a planned roll on a copy of the state, with devices that do as the real ones were seen to do, on a time of its own. What is played is
/// the roll itself: <see cref="AdvanceRoll"/> and its planner.
/// </summary>
public sealed class RehearseRoll
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly RehearsalScene _scene;
    private readonly VirtualClock _clock;
    private readonly VirtualFleet _fleet;
    private readonly VirtualRolls _rolls;
    private readonly AdvanceRoll _advance;

    private RehearseRoll(RehearsalScene scene)
    {
        _scene = scene;
        _clock = new VirtualClock(scene.Start);
        _fleet = new VirtualFleet(scene, _clock);
        _rolls = new VirtualRolls(
            scene.Roll with { State = RollState.Running, Started = scene.Start, Wave = 0, HaltReason = null }, _fleet, _clock);
        var enrollments = new VirtualEnrollments(scene, _fleet);
        var save = new SaveEnrollment(enrollments, enrollments, _clock);
        _advance = new AdvanceRoll(
            _rolls,
            enrollments,
            save,
            new RetireCertificate(enrollments, new VirtualSightings(_fleet), save),
            new VirtualOffers(_fleet),
            new MoveTrust(enrollments, enrollments, save, new VirtualIssuers(scene, _clock)),
            new VirtualCapacity(scene),
            _clock);
    }

    private DateTimeOffset End => _scene.Start + RehearsalScene.Horizon;

    /// <param name="scene">What it is played on.</param>
    /// <param name="progress">Is told how far it has come, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<RehearsalResult> RunAsync(RehearsalScene scene, Action<double> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(progress);
        var played = new RehearseRoll(scene);
        if (CheckPlan.IsPlayable(scene))
        {
            await played.PlayAsync(progress, cancellationToken);
        }

        return played.ToResult();
    }

    private async Task PlayAsync(Action<double> progress, CancellationToken cancellationToken)
    {
        while (_clock.Now < End)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _fleet.Catch();
            if (await _advance.RunAsync(_scene.Roll.Id, cancellationToken) is not { } step || _rolls.Roll.State != RollState.Running)
            {
                break;
            }

            progress(_fleet.Devices.Count == 0 ? 1 : (double)_fleet.Moved / _fleet.Devices.Count);
            _clock.Now = NextLook(step);
        }

        _fleet.Catch();
        if (_rolls.Roll.State != RollState.Paused && _fleet.Devices.Any(device => device is { Wave: null, IsMoved: false, Seen.IsWaived: false }))
        {
            _rolls.NoteStuck();
        }

        if (_rolls.Roll.State == RollState.Completed)
        {
            _fleet.Retire();
        }
    }

    private RehearsalResult ToResult()
    {
        var isCompleted = _rolls.Roll.State == RollState.Completed;
        var result = new RehearsalResult
        {
            Findings = [],
            Lost = [.. _fleet.Lost.OrderBy(device => device.At).ThenBy(device => device.Device, StringComparer.Ordinal)],
            LostDevices = _fleet.Lost.Count,
            Peak = _fleet.Peak,
            Completes = isCompleted,
            Finishes = isCompleted ? _rolls.Roll.Ended : null,
            MostMoved = _fleet.MostMoved,
            LastMoved = _fleet.LastMoved,
            Devices = _fleet.Devices.Count,
            Moved = _fleet.Moved,
            Waves = _rolls.Waves,
            Seed = _scene.Seed,
        };
        var findings = CheckPlan.Find(_scene).Concat(CheckOutcome.Find(_scene, _rolls, _fleet, result));
        return result with { Findings = [.. findings.OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Kind)] };
    }

    // The service looks every second; here time goes on to the next moment at which something can be different.
    private DateTimeOffset NextLook(RollStep step)
    {
        var plan = _scene.Roll.Plan;
        if (step is RollStep.NextWave or RollStep.Retire or RollStep.Stage or RollStep.Issue)
        {
            return _clock.Now + Soon;
        }

        if (step is RollStep.Offer offer)
        {
            // As many offers as the rate allows in that time.
            var pause = TimeSpan.FromSeconds(Math.Clamp(60.0 * offer.Devices / plan.EffectiveRate, 1, 60));
            return _clock.Now + pause;
        }

        if (!plan.IsWindowOpen(_clock.Now) && _fleet.Pending > 0 && _rolls.Wave.Count < plan.SizeOf(_rolls.Roll.Wave))
        {
            return NextOpening(plan);
        }

        return Soonest(NextDevice(plan));
    }

    private DateTimeOffset NextDevice(RollPlan plan)
    {
        var last = _rolls.Wave.Count == 0 ? _clock.Now : _rolls.Wave.Max(device => device.Offered)!.Value;
        var turns = new[] { last + plan.Soak, last + plan.ContactWithin, last + TimeSpan.FromMinutes(1) }
            .Where(turn => turn > _clock.Now).Append(_fleet.NextEvent ?? End);
        return turns.Min();
    }

    // Later in the roll it is looked less often: a wave that waits for weeks waits no otherwise by the minute.
    private DateTimeOffset Soonest(DateTimeOffset turn)
    {
        var waited = _clock.Now - (_rolls.Wave.Count == 0 ? _clock.Now : _rolls.Wave.Max(device => device.Offered)!.Value);
        var least = waited < TimeSpan.FromHours(2) ? TimeSpan.FromSeconds(30) : waited < TimeSpan.FromDays(2) ? TimeSpan.FromMinutes(10) : TimeSpan.FromHours(3);
        return turn < _clock.Now + least ? _clock.Now + least : turn;
    }

    private DateTimeOffset NextOpening(RollPlan plan)
    {
        var at = _clock.Now;
        while (at < End && !plan.IsWindowOpen(at))
        {
            at += TimeSpan.FromMinutes(1);
        }

        return at;
    }
}
