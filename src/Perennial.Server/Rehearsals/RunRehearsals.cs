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

        if (roll.Kind == RollKind.IssuingCa)
        {
            return new RollOutcome.Invalid($"The roll '{roll.Id}' is one of an issuing authority, which cannot be rehearsed. Start it with the reason 'withoutRehearsal'.");
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
        if (!await store.TryBeginAsync(roll, rehearsal, cancellationToken))
        {
            return new RollOutcome.Invalid($"The roll '{roll.Id}' is being rehearsed, or was changed just now. Stop the rehearsal, or ask again.");
        }

        var stop = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        _running[rehearsal.Id] = stop;
        _ = Task.Run(() => PlayAsync(roll, rehearsal, stop), CancellationToken.None);
        return new RollOutcome.Done(roll);
    }

    /// <summary>Stops the rehearsal of a roll.</summary>
    /// <returns>False when none runs.</returns>
    public async Task<bool> StopAsync(string id, CancellationToken cancellationToken)
    {
        var isStopped = await store.FindAsync(id, cancellationToken) is { State: RehearsalState.Running } rehearsal
            && await store.TryEndAsync(rehearsal, RehearsalState.Stopped, fault: null, cancellationToken)
            && (!_running.TryGetValue(rehearsal.Id, out var running) || CancelAsync(running));
        return isStopped;
    }

    public override void Dispose()
    {
        _end.Dispose();
        _turn.Dispose();
        base.Dispose();
    }

    // What is written down as running when the service starts was ended with the process that ran it.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var left in await store.ListRunningAsync(stoppingToken))
            {
                if (!_running.ContainsKey(left.Id))
                {
                    await store.TryEndAsync(left, RehearsalState.Failed, "The service was stopped while the rehearsal ran. Rehearse again.", stoppingToken);
                }
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or StorageUnavailableException)
        {
            // The service stops, or the next start sees to it.
        }

        await _end.CancelAsync();
    }

    private static bool CancelAsync(CancellationTokenSource running)
    {
        running.Cancel();
        return true;
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
            _running.TryRemove(rehearsal.Id, out _);
            stop.Dispose();
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
