using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Capacity;
using Perennial.Rolling.Retirement;

namespace Perennial.Rolling.Rolls;

/// <summary>Asks the planner what is next in a roll and does it. May be stopped, or killed, anywhere and be run again.</summary>
/// <param name="rolls">Rolls.</param>
/// <param name="enrollments">Enrollments.</param>
/// <param name="save">Takes a signing certificate out.</param>
/// <param name="retire">Takes a leaf out.</param>
/// <param name="offers">The way to devices.</param>
/// <param name="trust">Moves trust from one issuing authority to the next.</param>
/// <param name="capacity">What the service was measured to bear.</param>
/// <param name="time">The clock.</param>
/// <param name="atOnce">Devices that are told at the same time, at most.</param>
public sealed class AdvanceRoll(
    IRollStore rolls,
    IEnrollmentStore enrollments,
    SaveEnrollment save,
    RetireCertificate retire,
    IRollOffers offers,
    MoveTrust trust,
    ICapacityStore capacity,
    TimeProvider time,
    int atOnce = 1)
{
    private const int Batch = 50;
    private const int MostUnsent = 5_000;

    // Beside the retirement of a large fleet the service has its devices to serve.
    private static readonly TimeSpan LongestRetirement = TimeSpan.FromMilliseconds(500);

    /// <summary>One step: sends what is written down, retires leaves of devices that moved, plans, and sends what was written down now.</summary>
    /// <returns>What was planned; null when the roll is not there or does not run.</returns>
    public async Task<RollStep?> RunAsync(string id, CancellationToken cancellationToken)
    {
        await SendAsync(id, cancellationToken);
        await RetireLeavesAsync(id, cancellationToken);
        var step = await PlanAsync(id, cancellationToken);
        await SendAsync(id, cancellationToken);
        return step;
    }

    /// <summary>Plans, and does what was planned. Offers are written down and not sent; a roll of leaves ends once the leaves of its devices are retired.</summary>
    /// <returns>What was planned; null when the roll is not there or does not run.</returns>
    public async Task<RollStep?> PlanAsync(string id, CancellationToken cancellationToken)
    {
        if (await rolls.FindAsync(id, cancellationToken) is not { State: RollState.Running } roll)
        {
            return null;
        }

        await rolls.GatherAsync(roll, all: false, cancellationToken);
        await rolls.ForgetFailuresAsync(roll, cancellationToken);
        var now = time.GetUtcNow();
        var limited = await LimitAsync(roll, cancellationToken);
        var step = RollPlanner.Plan(limited, await ReadFactsAsync(roll, now, cancellationToken), now);
        if (step is RollStep.Retire)
        {
            // Before anything is retired, every registration is looked at.
            await rolls.GatherAsync(roll, all: true, cancellationToken);
            step = RollPlanner.Plan(limited, await ReadFactsAsync(roll, now, cancellationToken), now);
        }

        await DoAsync(roll, step, now, cancellationToken);
        return step;
    }

    /// <summary>Sends the offers that are written down and were not sent yet, while the roll runs.</summary>
    public async Task SendAsync(string id, CancellationToken cancellationToken)
    {
        if (await rolls.FindAsync(id, cancellationToken) is { State: RollState.Running } roll)
        {
            await Parallel.ForEachAsync(
                await rolls.ListUnsentAsync(await LimitAsync(roll, cancellationToken), MostUnsent, cancellationToken),
                new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
                async (device, stop) => await SendAsync(roll, device, stop));
            if (roll.IsBack)
            {
                await WithdrawAsync(roll, cancellationToken);
            }
        }
    }

    /// <summary>Takes the old leaves of some devices that have moved out of their enrollments, while the roll runs.</summary>
    public async Task RetireLeavesAsync(string id, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (await rolls.FindAsync(id, cancellationToken) is { State: RollState.Running, Kind: RollKind.Leaf } roll
            && await RetireSomeAsync(roll, cancellationToken)
            && time.GetElapsedTime(started) < LongestRetirement)
        {
        }
    }

    /// <returns>Whether more of them may be waiting, and none of these had to be left.</returns>
    private async Task<bool> RetireSomeAsync(Roll roll, CancellationToken cancellationToken)
    {
        var members = await rolls.ListToRetireAsync(roll, Batch, cancellationToken);
        var retired = 0;
        await Parallel.ForEachAsync(
            members,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (member, stop) => Interlocked.Add(ref retired, await TryRetireLeafAsync(roll, member, stop) ? 1 : 0));
        return retired == Batch;
    }

    /// <summary>Withdraws what a roll that was aborted or turned back offered and no device followed, and lets go of the devices of a roll that has ended.</summary>
    public async Task SettleAsync(Roll roll, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(roll);
        if (!(roll.State == RollState.Aborted || roll.IsBack) || await WithdrawAsync(roll, cancellationToken) == 0)
        {
            await rolls.SettleAsync(roll, cancellationToken);
        }
    }

    private async Task<int> WithdrawAsync(Roll roll, CancellationToken cancellationToken)
    {
        var offered = await rolls.ListToWithdrawAsync(roll, MostUnsent, cancellationToken);
        await Parallel.ForEachAsync(
            offered,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (device, stop) =>
            {
                await offers.WithdrawAsync(device, stop);
                await rolls.NoteWithdrawnAsync(roll, device, stop);
            });
        return offered.Count;
    }

    /// <summary>The roll as it is planned for: its rate goes not above what was measured of what it needs.</summary>
    private async Task<Roll> LimitAsync(Roll roll, CancellationToken cancellationToken)
    {
        var issues = roll.Group is not { } group || (await enrollments.FindAsync(group, cancellationToken))?.CredentialPolicy is not null;
        return (await capacity.ReadAsync(cancellationToken)).SmallestFor(issues) is { } measured && !(roll.Plan.CapacityPerMinute <= measured)
            ? roll with { Plan = roll.Plan with { CapacityPerMinute = measured } }
            : roll;
    }

    private async Task<RollFacts> ReadFactsAsync(Roll roll, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var facts = await rolls.ReadFactsAsync(roll, offers.IsConnected, now, cancellationToken);
        if (roll.Kind == RollKind.IssuingCa)
        {
            return await trust.CompleteAsync(roll, facts, cancellationToken);
        }

        if (roll.Group is not { } group)
        {
            return facts;
        }

        var held = (await enrollments.FindAsync(group, cancellationToken))?.Mechanism.Certificates.Select(filled => filled.Certificate.Thumbprint).ToList() ?? [];
        var (isKept, isRetired) = (held.Contains(roll.Keeping!.Value), !held.Contains(roll.Retiring!.Value));
        return facts with { IsStaged = isKept && !isRetired, IsRetired = isKept && isRetired };
    }

    private async Task DoAsync(Roll roll, RollStep step, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const string Actor = "roll";
        switch (step)
        {
            case RollStep.Offer offer:
                await rolls.ClaimAsync(roll, offer.Devices, now, cancellationToken);
                break;
            case RollStep.Stage:
                if (await trust.StageAsync(roll, cancellationToken) is { } fault)
                {
                    await rolls.TryChangeAsync(roll with { State = RollState.Paused, HaltReason = fault }, "halt", Actor, cancellationToken);
                }

                break;
            case RollStep.Issue:
                if (!await trust.ActivateAsync(roll, cancellationToken))
                {
                    var reason = $"The authority in the slot '{roll.NewIssuer}' cannot issue: it is revoked, over, or the issuer was changed. Plan the roll anew.";
                    await rolls.TryChangeAsync(roll with { State = RollState.Paused, HaltReason = reason }, "halt", Actor, cancellationToken);
                }

                break;
            case RollStep.NextWave:
                await rolls.TryChangeAsync(roll with { Wave = roll.Wave + 1 }, "wave", Actor, cancellationToken);
                break;
            case RollStep.Halt halt:
                await rolls.TryChangeAsync(roll with { State = RollState.Paused, HaltReason = halt.Reason }, "halt", Actor, cancellationToken);
                break;
            case RollStep.Retire:
                if (await RetireAsync(roll, cancellationToken))
                {
                    await rolls.TryChangeAsync(roll with { State = RollState.Completed, Ended = now }, "complete", Actor, cancellationToken);
                }

                break;
        }
    }

    // Whether the roll still runs is looked at before each device: a halt or an abort touches no further one.
    private async Task SendAsync(Roll roll, string device, CancellationToken cancellationToken)
    {
        if (await rolls.FindAsync(roll.Id, cancellationToken) is not { State: RollState.Running } running || running.IsBack != roll.IsBack)
        {
            return;
        }

        var window = running.Plan.WindowOf(running, device, time.GetUtcNow());
        var offer = await ChooseOfferAsync(running, device, cancellationToken);
        var failure = offer is RollOffer.None or RollOffer.Registration ? null
            : running.IsBack ? await offers.OfferBackAsync(device, offer, window.Begins, window.Ends, cancellationToken)
            : await offers.OfferAsync(device, offer, window.Begins, window.Ends, cancellationToken);
        await rolls.NoteSentAsync(running, device, window.Begins, failure, cancellationToken);
    }

    private async Task<RollOffer> ChooseOfferAsync(Roll roll, string device, CancellationToken cancellationToken)
    {
        if (roll.Plan.Offer is { } planned)
        {
            return planned;
        }

        var key = roll.Group ?? (RegistrationId.TryParse(device, out var id) ? EnrollmentKey.Individual(id) : throw new InvalidDataException(device));
        return (await enrollments.FindAsync(key, cancellationToken))?.RollOffer ?? RollOffer.DesiredProperty;
    }

    private async Task<bool> RetireAsync(Roll roll, CancellationToken cancellationToken)
    {
        if (roll.Kind == RollKind.IssuingCa)
        {
            return await trust.RetireAsync(roll, cancellationToken);
        }

        if (roll.Group is not { } group)
        {
            return (await rolls.ListToRetireAsync(roll, 1, cancellationToken)).Count == 0;
        }

        if (await enrollments.FindAsync(group, cancellationToken) is not { } enrollment)
        {
            return true;
        }

        if (enrollment.Mechanism.Certificates.All(filled => filled.Certificate.Thumbprint != roll.Retiring))
        {
            return true;
        }

        var slot = enrollment.Mechanism.AnchorOf(Slot.Primary) == roll.Retiring ? Slot.Primary : Slot.Secondary;
        return await save.RunAsync(EnrollmentDraft.Without(enrollment, slot), enrollment.ETag, $"roll '{roll.Id}'", cancellationToken) is SaveOutcome.Saved;
    }

    private async Task<bool> TryRetireLeafAsync(Roll roll, RollMember member, CancellationToken cancellationToken)
    {
        var key = RegistrationId.TryParse(member.Device, out var id) ? EnrollmentKey.Individual(id) : throw new InvalidDataException(member.Device);
        var slots = ((await enrollments.FindAsync(key, cancellationToken))?.Mechanism as AttestationMechanism.Leaves)?.Slots;

        // Whoever took the leaf out already, the device's own use of an issued one for instance, has done it.
        if (SlotToRetire(roll, slots, member) is not { } slot
            || await retire.RunAsync(key, slot, $"roll '{roll.Id}'", cancellationToken) is RetirementOutcome.Retired or RetirementOutcome.NotFound)
        {
            await rolls.NoteRetiredAsync(roll, member.Device, cancellationToken);
            return true;
        }

        return false;
    }

    // Of a roll that goes back the old leaf is kept, and what stands beside it is taken out.
    private static Slot? SlotToRetire(Roll roll, CertificateSlots? slots, RollMember member) => slots?.SlotOf(member.Old) switch
    {
        not { } => null,
        { } old when !roll.IsBack => old,
        Slot.Primary => slots.Secondary is null ? null : Slot.Secondary,
        _ => slots.Primary is null ? null : Slot.Primary,
    };
}
