using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Retirement;
using Perennial.Rolling.Rolls;
using Perennial.Rolling.Sightings;
using Perennial.Server.Hubs;
using Perennial.Server.Logging;
using Perennial.Server.Storage;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Rolls;

/// <summary>
/// Takes running rolls on, step by step, and settles ended ones. Each roll is planned, its offers are sent and its leaves are retired apart from the other's and from each other:
/// neither a device that does not answer nor many leaves to retire hold up another roll or the halt of their own.
/// </summary>
internal sealed partial class RunRolls(
    RollStore rolls,
    IEnrollmentStore enrollments,
    IRegistrationStore registrations,
    ISightingStore sightings,
    IHubDirectory linked,
    ServedHubs hubs,
    RolledIssuers issuers,
    CapacityStore capacity,
    LatestSteps latest,
    ILogger<RunRolls> logger,
    TimeProvider time) : BackgroundService
{
    /// <summary>Time between two steps of a roll.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Devices of one roll that are told at the same time.</summary>
    private const int AtOnce = 32;

    // A roll is planned for at most a fifth of the time, however large it is.
    private const int RestPerWork = 4;

    private readonly ConcurrentDictionary<(string Roll, Act Act), Task> _inFlight = new();
    private readonly AdvanceRoll _advance = Advance(
        rolls, enrollments, new SaveEnrollment(enrollments, linked, time), sightings, new RollOffers(hubs, registrations), issuers, capacity, time);

    private enum Act
    {
        Plan,
        Send,
        Retire,
        Settle,
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }

        await Task.WhenAll(_inFlight.Values);
    }

    private static AdvanceRoll Advance(
        RollStore rolls,
        IEnrollmentStore enrollments,
        SaveEnrollment save,
        ISightingStore sightings,
        RollOffers offers,
        RolledIssuers issuers,
        CapacityStore capacity,
        TimeProvider time) =>
        new(
            rolls,
            enrollments,
            save,
            new RetireCertificate(enrollments, sightings, save),
            offers,
            new MoveTrust(rolls, enrollments, save, issuers),
            capacity,
            time,
            AtOnce);

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var roll in await rolls.ListRunningAsync(cancellationToken))
            {
                Begin(roll, Act.Plan, () => PlanAsync(roll, cancellationToken));
                Begin(roll, Act.Send, () => _advance.SendAsync(roll.Id, cancellationToken));
                Begin(roll, Act.Retire, () => _advance.RetireLeavesAsync(roll.Id, cancellationToken));
            }

            foreach (var roll in await rolls.ListUnsettledAsync(cancellationToken))
            {
                Begin(roll, Act.Settle, () => _advance.SettleAsync(roll, cancellationToken));
            }
        }
        catch (StorageUnavailableException)
        {
            // The next look finds it again.
        }
    }

    private async Task PlanAsync(Roll roll, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var step = await _advance.PlanAsync(roll.Id, cancellationToken);
        latest.Note(roll.Id, step);
        if (step is RollStep.Offer)
        {
            Begin(roll, Act.Send, () => _advance.SendAsync(roll.Id, cancellationToken));
        }

        var rest = time.GetElapsedTime(began) * RestPerWork;
        if (rest > Interval)
        {
            await Task.Delay(rest, time, cancellationToken);
        }
    }

    // What is still under way for the roll is not begun again.
    private void Begin(Roll roll, Act act, Func<Task> work)
    {
        var key = (roll.Id, act);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_inFlight.TryAdd(key, begun.Task))
        {
            _ = EndAsync();
        }

        async Task EndAsync()
        {
            await Task.Yield();
            await TryAsync(roll, work);
            _inFlight.TryRemove(key, out _);
            begun.SetResult();
        }
    }

    // A roll that cannot go on holds up no other.
    private async Task TryAsync(Roll roll, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception exception) when (exception is OperationCanceledException or StorageUnavailableException)
        {
            // The server stops, or the next look finds it again.
        }
#pragma warning disable CA1031 // Whatever it is, the next look tries again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(roll.Id, exception);
        }
    }

    [LoggerMessage(LogIds.RollFailed, LogLevel.Error, "A step of the roll '{Roll}' failed; it is tried again within a second")]
    private partial void LogFailed(string roll, Exception exception);
}
