using System.Collections.Concurrent;
using System.Text.Json;
using Perennial.Provisioning.Attestation;

namespace Perennial.Provisioning.Registrations;

/// <summary>
/// Registrations that wait for a hub outside this process, or for a custom allocation: each goes on by itself, is tried again with longer
/// and longer pauses and whenever its device asks, and is on disk as long as it is not done. After a restart it goes on when its device
/// asks, which is when the device proves itself again.
/// </summary>
public sealed class CarryOutOperation(IOperationStore operations, AttemptOperation attempt, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long a device waits for the answer before it is told to ask again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Operations that go on by themselves at once; the others go on when their device asks.</summary>
    public const int MaxUnderWay = 10_000;

    private readonly ConcurrentDictionary<RegistrationId, OperationRun> _runs = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Begins the operation, or goes on with the one that is under way for the same request.</summary>
    internal async Task<RegistrationOutcome> BeginAsync(
        AuthenticatedDevice device, RegistrationPlan.Taken taken, JsonElement? payload, CancellationToken cancellationToken)
    {
        var pending = await operations.FindAsync(device.RegistrationId, cancellationToken);
        if (pending is null || !pending.IsFor(taken.Verdict, payload))
        {
            pending = new PendingOperation
            {
                Id = taken.Existing?.Id ?? device.RegistrationId,
                OperationId = NextRegistration.IsRepeat(taken.Verdict, taken.Existing, payload, AssignDevice.RepeatWindow)
                    ? taken.Existing.OperationId
                    : NextRegistration.NewOperationId(device.RegistrationId),
                Credential = RegisteredCredential.Of(taken.Verdict),
                Payload = payload,
                Begun = time.GetUtcNow(),
            };
            await operations.BeginAsync(pending, cancellationToken);
        }

        return await GoOnAsync(device, pending, cancellationToken);
    }

    /// <summary>Tries the operation again now, and waits a little for its end.</summary>
    internal async Task<RegistrationOutcome> GoOnAsync(AuthenticatedDevice device, PendingOperation pending, CancellationToken cancellationToken)
    {
        var run = RunOf(device, pending);
        try
        {
            return await run.Done.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new RegistrationOutcome.Assigning(pending.OperationId);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_runs.Values.Select(run => run.Done.ContinueWith(
            _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)));
        _stopping.Dispose();
    }

    private OperationRun RunOf(AuthenticatedDevice device, PendingOperation pending)
    {
        while (true)
        {
            if (_runs.TryGetValue(pending.Id, out var running) && running.OperationId == pending.OperationId && !running.Done.IsCompleted)
            {
                running.Nudge();
                return running;
            }

            var fresh = new OperationRun(pending.OperationId);
            if (running is null ? _runs.TryAdd(pending.Id, fresh) : _runs.TryUpdate(pending.Id, fresh, running))
            {
                running?.Stop();
                fresh.Start(RunAsync(fresh, device, pending));
                return fresh;
            }
        }
    }

    private async Task<RegistrationOutcome> RunAsync(OperationRun run, AuthenticatedDevice device, PendingOperation pending)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, run.Stopped);
        try
        {
            for (var tries = 0; ; tries++)
            {
                if (await attempt.RunAsync(device, pending, stop.Token) is { } outcome)
                {
                    return outcome;
                }

                if (tries == OperationRun.MaxTries || _runs.Count > MaxUnderWay)
                {
                    return new RegistrationOutcome.Assigning(pending.OperationId);
                }

                await run.PauseAsync(tries, time, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new RegistrationOutcome.Assigning(pending.OperationId);
        }
        finally
        {
            _runs.TryRemove(KeyValuePair.Create(pending.Id, run));
            run.Dispose();
        }
    }
}
