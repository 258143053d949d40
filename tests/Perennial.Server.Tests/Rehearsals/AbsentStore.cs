using Perennial.Provisioning;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.Server.Storage;

namespace Perennial.Server.Tests.Rehearsals;

/// <summary>A store of rehearsals that is away when it is asked first, and then tells of one that was interrupted.</summary>
internal sealed class AbsentStore(Rehearsal left) : IRehearsalStore
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<(string Id, RehearsalState State)> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _looks;

    /// <summary>Ends when the store was asked for the first time.</summary>
    public Task Asked => _asked.Task;

    /// <summary>What was written of the interrupted one.</summary>
    public Task<(string Id, RehearsalState State)> Ended => _ended.Task;

    public Task<IReadOnlyList<Rehearsal>> ListRunningAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _looks) > 1)
        {
            return Task.FromResult<IReadOnlyList<Rehearsal>>([left]);
        }

        _asked.SetResult();
        return Task.FromException<IReadOnlyList<Rehearsal>>(new StorageUnavailableException("It is away.", null));
    }

    public Task<bool> TryEndAsync(Rehearsal rehearsal, RehearsalState state, string? fault, CancellationToken cancellationToken) =>
        Task.FromResult(_ended.TrySetResult((rehearsal.Id, state)));

    public Task<Rehearsal?> FindAsync(string roll, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryBeginAsync(Roll roll, Rehearsal rehearsal, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> NoteProgressAsync(Rehearsal rehearsal, double progress, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task FinishAsync(Rehearsal rehearsal, RehearsalResult result, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Page<LostDevice>> ListLostAsync(string roll, PageRequest page, CancellationToken cancellationToken) => throw new NotSupportedException();
}
