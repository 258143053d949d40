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

/// <summary>Takes running rolls on, step by step, and withdraws what aborted ones offered.</summary>
internal sealed partial class RunRolls(
    RollStore rolls,
    IEnrollmentStore enrollments,
    IRegistrationStore registrations,
    ISightingStore sightings,
    IHubDirectory linked,
    ServedHubs hubs,
    LatestSteps latest,
    ILogger<RunRolls> logger,
    TimeProvider time) : BackgroundService
{
    /// <summary>Time between two steps of a roll.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SaveEnrollment _save = new(enrollments, linked, time);

    /// <summary>One step of every roll.</summary>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        var running = await rolls.ListRunningAsync(cancellationToken);
        var ended = await rolls.ListToWithdrawAsync(cancellationToken);
        if (running.Count + ended.Count == 0)
        {
            return;
        }

        var advance = new AdvanceRoll(
            rolls, enrollments, _save, new RetireCertificate(enrollments, sightings, _save), new RollOffers(hubs, registrations), time);
        foreach (var roll in running)
        {
            await TryAsync(roll, async () => latest.Note(roll.Id, await advance.RunAsync(roll.Id, cancellationToken)));
        }

        foreach (var roll in ended)
        {
            await TryAsync(roll, () => advance.WithdrawAsync(roll, cancellationToken));
        }
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
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await StepAsync(cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            // The next look finds it again.
        }
    }

    // A roll that cannot go on holds up no other.
    private async Task TryAsync(Roll roll, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or StorageUnavailableException))
        {
            LogFailed(roll.Id, exception);
        }
    }

    [LoggerMessage(LogIds.RollFailed, LogLevel.Error, "A step of the roll '{Roll}' failed; it is tried again within a second")]
    private partial void LogFailed(string roll, Exception exception);
}
