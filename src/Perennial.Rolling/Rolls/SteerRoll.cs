namespace Perennial.Rolling.Rolls;

/// <summary>What an operator does to a roll: start, pause, resume, abort, waive a device.</summary>
public sealed class SteerRoll(IRollStore rolls, TimeProvider time)
{
    public Task<RollOutcome> StartAsync(string id, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(id, "start", actor, [RollState.Draft], roll => roll with { State = RollState.Running, Started = time.GetUtcNow() }, cancellationToken);

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
        [RollState.Draft, RollState.Running, RollState.Paused],
        roll => roll with { State = RollState.Aborted, Ended = time.GetUtcNow() },
        cancellationToken);

    /// <summary>Lets a device hold up the retirement no longer.</summary>
    /// <param name="id">The roll.</param>
    /// <param name="device">The registration id.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="actor">Who says so.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public async Task<RollOutcome> WaiveAsync(string id, string device, string reason, string actor, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > 500)
        {
            return new RollOutcome.Invalid("Say in up to 500 characters why the device is not waited for.");
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
