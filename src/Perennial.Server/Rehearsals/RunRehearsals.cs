using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.Server.Logging;
using Perennial.Server.Storage;

namespace Perennial.Server.Rehearsals;

/// <summary>Starts and stops rehearsals, and plays them beside the service's other work, one after the other.</summary>
internal sealed partial class RunRehearsals(IRollStore rolls, IRehearsalStore store, ReadScene scenes, ILogger<RunRehearsals> logger, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _end = new();

    /// <summary>Begins to rehearse a planned roll.</summary>
    public async Task<RollOutcome> StartAsync(string id, RehearsalTerms terms, string actor, CancellationToken cancellationToken)
    {
        if (await rolls.FindAsync(id, cancellationToken) is not { } roll)
        {
            return new RollOutcome.NotFound();
        }

        if (!roll.IsPlanned)
        {
            return new RollOutcome.Invalid($"The roll '{roll.Id}' is {roll.State}; one that was not started can be rehearsed.");
        }

        var rehearsal = new Rehearsal
        {
            Roll = roll.Id,
            RollVersion = roll.Version,
            Id = Guid.NewGuid().ToString("N"),
            State = RehearsalState.Running,
            Started = time.GetUtcNow(),
            Actor = actor,
            Terms = terms,
        };
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        _running[rehearsal.Id] = stop;
        if (!await TryBeginAsync(roll, rehearsal, stop, cancellationToken))
        {
            return new RollOutcome.Invalid($"The roll '{roll.Id}' is being rehearsed, or was changed just now. Stop the rehearsal, or ask again.");
        }

        _ = Task.Run(() => PlayAsync(roll, rehearsal, stop), CancellationToken.None);
        return new RollOutcome.Done(roll);
    }

    /// <summary>Stops the rehearsal of a roll.</summary>
    /// <returns>False when none runs.</returns>
    public async Task<bool> StopAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { State: RehearsalState.Running } rehearsal
            || !await store.TryEndAsync(rehearsal, RehearsalState.Stopped, fault: null, cancellationToken))
        {
            return false;
        }

        Cancel(rehearsal);
        return true;
    }

    public override void Dispose()
    {
        _end.Dispose();
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!await TryEndLeftAsync(stoppingToken))
            {
                await Task.Delay(RetryInterval, time, stoppingToken);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The service stops, and with it what is played.
        }

        await _end.CancelAsync();
    }

    // What is written down as running when the service starts was ended with the process that ran it.
    private async Task<bool> TryEndLeftAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var left in (await store.ListRunningAsync(cancellationToken)).Where(left => !_running.ContainsKey(left.Id)))
            {
                await store.TryEndAsync(left, RehearsalState.Failed, "The service was stopped while the rehearsal ran. Rehearse again.", cancellationToken);
            }

            return true;
        }
        catch (StorageUnavailableException)
        {
            return false;
        }
    }

    // It is known as one that is played here before anybody can read that it runs.
    private async Task<bool> TryBeginAsync(Roll roll, Rehearsal rehearsal, CancellationTokenSource stop, CancellationToken cancellationToken)
    {
        var isBegun = false;
        try
        {
            return isBegun = await store.TryBeginAsync(roll, rehearsal, cancellationToken);
        }
        finally
        {
            if (!isBegun)
            {
                Forget(rehearsal, stop);
            }
        }
    }

    // Under the lock, so that one that ends just now is not cancelled any more.
    private void Cancel(Rehearsal rehearsal)
    {
        lock (_running)
        {
            if (_running.TryGetValue(rehearsal.Id, out var running))
            {
                running.Cancel();
            }
        }
    }

    private void Forget(Rehearsal rehearsal, CancellationTokenSource stop)
    {
        lock (_running)
        {
            _running.TryRemove(rehearsal.Id, out _);
            stop.Dispose();
        }
    }

    private async Task PlayAsync(Roll roll, Rehearsal rehearsal, CancellationTokenSource stop)
    {
        try
        {
            await _turn.WaitAsync(stop.Token);
            try
            {
                var scene = await scenes.RunAsync(roll, rehearsal.Terms, stop.Token);
                var result = await RehearseRoll.RunAsync(scene, Noting(rehearsal, stop), stop.Token);
                await store.FinishAsync(rehearsal, result, stop.Token);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped by an operator, who has written it down; or with the service, whose next start does.
        }
        catch (Exception exception) when (exception is not StorageUnavailableException)
        {
            LogFailed(roll.Id, exception);
            await TryFailAsync(rehearsal, exception is ArgumentException ? exception.Message : "It failed by a fault of the service, which its log tells.");
        }
        catch (StorageUnavailableException)
        {
            await TryFailAsync(rehearsal, "The database was not reachable. Rehearse again.");
        }
        finally
        {
            Forget(rehearsal, stop);
        }
    }

    // Progress is written down a few times a second at most; when it cannot be, the rehearsal is not wanted any more.
    private Action<double> Noting(Rehearsal rehearsal, CancellationTokenSource stop)
    {
        var last = time.GetTimestamp();
        return progress =>
        {
            if (time.GetElapsedTime(last) < ProgressInterval)
            {
                return;
            }

            last = time.GetTimestamp();
            if (!store.NoteProgressAsync(rehearsal, progress, stop.Token).GetAwaiter().GetResult())
            {
                stop.Cancel();
            }
        };
    }

    private async Task TryFailAsync(Rehearsal rehearsal, string fault)
    {
        try
        {
            await store.TryEndAsync(rehearsal, RehearsalState.Failed, fault, CancellationToken.None);
        }
        catch (StorageUnavailableException)
        {
            // The next start says that it was interrupted.
        }
    }

    [LoggerMessage(LogIds.RehearsalFailed, LogLevel.Error, "The rehearsal of the roll '{Roll}' failed")]
    private partial void LogFailed(string roll, Exception exception);
}
