using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Retirement;

namespace Perennial.Rolling.Rolls;

/// <summary>Asks the planner what is next in a roll and does it. May be stopped, or killed, anywhere and be run again.</summary>
public sealed class AdvanceRoll(IRollStore rolls, IEnrollmentStore enrollments, SaveEnrollment save, RetireCertificate retire, IRollOffers offers, TimeProvider time)
{
    private const int Batch = 50;

    /// <summary>One step.</summary>
    /// <returns>What was planned; null when the roll is not there or does not run.</returns>
    public async Task<RollStep?> RunAsync(string id, CancellationToken cancellationToken)
    {
        if (await rolls.FindAsync(id, cancellationToken) is not { State: RollState.Running } roll)
        {
            return null;
        }

        await rolls.GatherAsync(roll, cancellationToken);
        foreach (var device in await rolls.ListUnsentAsync(roll, Batch, cancellationToken))
        {
            await SendAsync(roll, device, cancellationToken);
        }

        await rolls.ForgetFailuresAsync(roll, cancellationToken);
        await RetireLeavesAsync(roll, cancellationToken);
        var now = time.GetUtcNow();
        var step = RollPlanner.Plan(roll, await ReadFactsAsync(roll, now, cancellationToken), now);
        await DoAsync(roll, step, now, cancellationToken);
        return step;
    }

    /// <summary>Withdraws what an aborted roll offered and no device followed.</summary>
    public async Task WithdrawAsync(Roll roll, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(roll);
        foreach (var device in await rolls.ListToWithdrawAsync(roll, Batch, cancellationToken))
        {
            await offers.WithdrawAsync(device, cancellationToken);
            await rolls.NoteWithdrawnAsync(roll, device, cancellationToken);
        }
    }

    private async Task<RollFacts> ReadFactsAsync(Roll roll, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var facts = await rolls.ReadFactsAsync(roll, now, cancellationToken);
        return facts with
        {
            IsStaged = await IsStagedAsync(roll, cancellationToken),
            Wave = [.. facts.Wave.Select(WithConnection)],
            Outside = [.. facts.Outside.Select(WithConnection)],
        };

        RollDevice WithConnection(RollDevice device) => device with { IsConnected = offers.IsConnected(device.Device) };
    }

    private async Task<bool> IsStagedAsync(Roll roll, CancellationToken cancellationToken)
    {
        if (roll.Group is not { } group)
        {
            return true;
        }

        var held = (await enrollments.FindAsync(group, cancellationToken))?.Mechanism.Certificates.Select(filled => filled.Certificate.Thumbprint).ToList();
        return held is not null && held.Contains(roll.New!.Value) && held.Contains(roll.Old!.Value);
    }

    private async Task DoAsync(Roll roll, RollStep step, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const string Actor = "roll";
        switch (step)
        {
            case RollStep.Offer offer:
                foreach (var device in await rolls.ClaimAsync(roll, offer.Devices, now, cancellationToken))
                {
                    await SendAsync(roll, device, cancellationToken);
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
        if (await rolls.FindAsync(roll.Id, cancellationToken) is not { State: RollState.Running })
        {
            return;
        }

        var now = time.GetUtcNow();
        var failure = roll.Plan.Offer == RollOffer.None
            ? null
            : await offers.OfferAsync(device, roll.Plan.Offer, now, now + roll.Plan.OfferWindow, cancellationToken);
        await rolls.NoteSentAsync(roll, device, failure, cancellationToken);
    }

    private async Task<bool> RetireAsync(Roll roll, CancellationToken cancellationToken)
    {
        if (roll.Group is not { } group)
        {
            return (await rolls.ListToRetireAsync(roll, 1, cancellationToken)).Count == 0;
        }

        if (await enrollments.FindAsync(group, cancellationToken) is not { } enrollment)
        {
            return true;
        }

        var slot = enrollment.Mechanism.AnchorOf(Slot.Primary) == roll.Old ? Slot.Primary : Slot.Secondary;
        return await save.RunAsync(EnrollmentDraft.Without(enrollment, slot), enrollment.ETag, $"roll '{roll.Id}'", cancellationToken) is SaveOutcome.Saved;
    }

    private async Task RetireLeavesAsync(Roll roll, CancellationToken cancellationToken)
    {
        foreach (var member in roll.Kind == RollKind.Leaf ? await rolls.ListToRetireAsync(roll, Batch, cancellationToken) : [])
        {
            var key = RegistrationId.TryParse(member.Device, out var id) ? EnrollmentKey.Individual(id) : throw new InvalidDataException(member.Device);
            var slots = ((await enrollments.FindAsync(key, cancellationToken))?.Mechanism as AttestationMechanism.Leaves)?.Slots;

            // Whoever took the old leaf out already, the device's own use of an issued one for instance, has done it.
            if (slots?.SlotOf(member.Old) is not { } slot
                || await retire.RunAsync(key, slot, $"roll '{roll.Id}'", cancellationToken) is RetirementOutcome.Retired or RetirementOutcome.NotFound)
            {
                await rolls.NoteRetiredAsync(roll, member.Device, cancellationToken);
            }
        }
    }
}
