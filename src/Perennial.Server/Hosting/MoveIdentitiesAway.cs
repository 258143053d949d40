using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Provisioning.Registrations;
using Perennial.Server.Logging;

namespace Perennial.Server.Hosting;

/// <summary>Looks every few seconds whether identities are still to leave a hub that they moved away from.</summary>
internal sealed partial class MoveIdentitiesAway(FinishDepartures finish, ILogger<MoveIdentitiesAway> logger, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is on disk.
        }
    }

    private async Task TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            await finish.RunAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception);
        }
    }

    [LoggerMessage(LogIds.DeparturesFailed, LogLevel.Error, "Identities could not be moved away from linked hubs; it is tried again")]
    private partial void LogFailed(Exception exception);
}
