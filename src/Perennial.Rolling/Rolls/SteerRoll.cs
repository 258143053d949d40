namespace Perennial.Rolling.Rolls;

/// <summary>What an operator does to a roll: start, pause, resume, abort, waive a device.</summary>
public sealed class SteerRoll(IRollStore rolls, TimeProvider time)
{
    private const int MaxReason = 500;

    /// <summary>Starts a roll that was rehearsed; or one that was not, for a reason that is kept.</summary>
    /// <param name="id">The roll.</param>
    /// <param name="withoutRehearsal">Why it is started though no rehearsal went before; null when one did.</param>
    /// <param name="actor">Who says so.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public async Task<RollOutcome> StartAsync(string id, string? withoutRehearsal, string actor, CancellationToken cancellationToken)
    {
        if (withoutRehearsal is not null && (string.IsNullOrWhiteSpace(withoutRehearsal) || withoutRehearsal.Length > MaxReason))
        {
            return new RollOutcome.Invalid($"Say in up to {MaxReason} characters why the roll is started without a rehearsal.");
        }

        if (withoutRehearsal is null && await rolls.FindAsync(id, cancellationToken) is { State: RollState.Draft } draft)
        {
            return new RollOutcome.Invalid(
                $"The roll '{draft.Id}' was not rehearsed as it is planned, or its rehearsal found what blocks it. Rehearse it, or start it with the reason 'withoutRehearsal' (on the command line --without-rehearsal).");
        }

        return await ChangeAsync(
            id,
            "start",
            actor,
            withoutRehearsal is null ? [RollState.Rehearsed] : [RollState.Draft, RollState.Rehearsed],
            roll => roll with
            {
                State = RollState.Running,
                Started = time.GetUtcNow(),
                WithoutRehearsal = roll.State == RollState.Rehearsed ? null : withoutRehearsal,
            },
            cancellationToken);
    }

    public Task<RollOutcome> PauseAsync(string id, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, "pause", actor, [RollState.Running], roll => roll with { State = RollState.Paused }, cancellationToken);

    /// <summary>Goes on after a pause or a halt. What halted it is looked at again: failures are to be waived or mended first.</summary>
    public Task<RollOutcome> ResumeAsync(string id, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, "resume", actor, [RollState.Paused], roll => roll with { State = RollState.Running, HaltReason = null }, cancellationToken);

    /// <summary>Ends it. The old certificate stays, so every device keeps what it has; offers that no device followed are withdrawn.</summary>
    public Task<RollOutcome> AbortAsync(string id, string actor, CancellationToken cancellationToken) => ChangeAsync(
        id,
        "abort",
        actor,
        [RollState.Draft, RollState.Rehearsed, RollState.Running, RollState.Paused],
        roll => roll with { State = RollState.Aborted, Ended = time.GetUtcNow() },
        cancellationToken);

    /// <summary>
    /// Turns it back: what no device followed is withdrawn, devices that moved are offered to go back wave by wave, and the new certificate is retired
    /// when none is seen with it any more. Waivers were given for the old certificate and count no longer.
    /// </summary>
    public async Task<RollOutcome> RollBackAsync(string id, string actor, CancellationToken cancellationToken) =>
        await rolls.FindAsync(id, cancellationToken) switch
        {
            null => new RollOutcome.NotFound(),
            { Kind: RollKind.IssuingCa } => new RollOutcome.Invalid(
                $"An authority that issues no more does not begin again. Abort the roll '{id}', prepare another authority, and roll to that one."),
            { IsBack: true, State: RollState.Aborted } => new RollOutcome.Invalid($"The roll '{id}' was rolled back, and that was aborted. Plan another roll, to the certificate that is to stay."),
            { IsBack: true } => new RollOutcome.Invalid($"The roll '{id}' is rolled back already."),
            _ => await ChangeAsync(
                id,
                "rollBack",
                actor,
                [RollState.Running, RollState.Paused, RollState.Aborted],
                roll => roll with { State = RollState.Running, IsBack = true, Wave = 0, HaltReason = null, Ended = null, Hastened = null },
                cancellationToken),
        };

    /// <summary>Moves the windows of the roll into the past: devices that were told a window and did not follow yet are told anew that it has begun.</summary>
    /// <param name="id">The roll.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="actor">Who says so.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public async Task<RollOutcome> HastenAsync(string id, string reason, string actor, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > MaxReason)
        {
            return new RollOutcome.Invalid($"Say in up to {MaxReason} characters why the roll is hastened.");
        }

        while (await rolls.FindAsync(id, cancellationToken) is { } roll)
        {
            if (roll.State is not (RollState.Running or RollState.Paused))
            {
                return new RollOutcome.Invalid($"The roll '{roll.Id}' is {roll.State}; one that is Running or Paused can be hastened.");
            }

            var next = roll with { Hastened = time.GetUtcNow() };
            if (await rolls.TryHastenAsync(next, reason, actor, cancellationToken))
            {
                return new RollOutcome.Done(next with { Version = next.Version + 1 });
            }
        }

        return new RollOutcome.NotFound();
    }

    /// <summary>Lets a device hold up the retirement no longer.</summary>
    /// <param name="id">The roll.</param>
    /// <param name="device">The registration id.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="actor">Who says so.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public async Task<RollOutcome> WaiveAsync(string id, string device, string reason, string actor, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > MaxReason)
        {
            return new RollOutcome.Invalid($"Say in up to {MaxReason} characters why the device is not waited for.");
        }

        if (await rolls.FindAsync(id, cancellationToken) is not { } roll)
        {
            return new RollOutcome.NotFound();
        }

        return roll.IsOver ? new RollOutcome.Invalid($"The roll '{roll.Id}' is {roll.State}.")
            : await rolls.TryWaiveAsync(roll, device, reason, actor, cancellationToken) ? new RollOutcome.Done(roll)
            : new RollOutcome.Invalid($"The device '{device}' is none of the roll '{roll.Id}'.");
    }

    private async Task<RollOutcome> ChangeAsync(
        string id, string action, string actor, IReadOnlyList<RollState> from, Func<Roll, Roll> change, CancellationToken cancellationToken)
    {
        while (await rolls.FindAsync(id, cancellationToken) is { } roll)
        {
            if (!from.Contains(roll.State))
            {
                return new RollOutcome.Invalid($"The roll '{roll.Id}' is {roll.State}; one that is {string.Join(" or ", from)} can {action}.");
            }

            var next = change(roll);
            if (await rolls.TryChangeAsync(next, action, actor, cancellationToken))
            {
                return new RollOutcome.Done(next with { Version = next.Version + 1 });
            }
        }

        return new RollOutcome.NotFound();
    }
}
