using Perennial.Provisioning;
using Perennial.Rolling.Rolls;

namespace Perennial.Rolling.Rehearsals;

/// <summary>Storage of the last rehearsal of each roll. Each method is one transaction.</summary>
public interface IRehearsalStore
{
    Task<Rehearsal?> FindAsync(string roll, CancellationToken cancellationToken);

    /// <summary>Writes that a rehearsal begins, in place of the one before, with an audit row.</summary>
    /// <returns>False when one of the roll runs, or the roll was changed since it was read or was started.</returns>
    Task<bool> TryBeginAsync(Roll roll, Rehearsal rehearsal, CancellationToken cancellationToken);

    /// <returns>False when the rehearsal is not the one that runs any more: its plan was replaced, or it was stopped.</returns>
    Task<bool> NoteProgressAsync(Rehearsal rehearsal, double progress, CancellationToken cancellationToken);

    /// <summary>
    /// Writes what it showed. When nothing blocks the plan and it is still the plan that was rehearsed, the roll becomes rehearsed; one that was and
    /// is blocked now becomes a draft again.
    /// </summary>
    Task FinishAsync(Rehearsal rehearsal, RehearsalResult result, CancellationToken cancellationToken);

    /// <summary>Writes that it was stopped, or why it failed.</summary>
    /// <returns>False when it does not run any more.</returns>
    Task<bool> TryEndAsync(Rehearsal rehearsal, RehearsalState state, string? fault, CancellationToken cancellationToken);

    /// <summary>Those that are written down as running.</summary>
    Task<IReadOnlyList<Rehearsal>> ListRunningAsync(CancellationToken cancellationToken);

    /// <summary>The devices that would be lost, by when they are.</summary>
    Task<Page<LostDevice>> ListLostAsync(string roll, PageRequest page, CancellationToken cancellationToken);
}
