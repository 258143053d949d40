using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Server.Hubs;
using Perennial.Server.Logging;

namespace Perennial.Server.Hosting;

/// <summary>Ends what is over by time alone in the queues of devices, every second; a failure is told once and tried again.</summary>
internal sealed partial class SweepQueues(ServedHubs hubs, ILogger<SweepQueues> logger, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var hub in hubs.All)
                {
                    await SweepAsync(hub, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task SweepAsync(ServedHub hub, CancellationToken stoppingToken)
    {
        try
        {
            await hub.Sweep.RunAsync(stoppingToken);
            _isFailing = false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (!_isFailing)
            {
                LogFailed(hub.Name, exception);
            }

            _isFailing = true;
        }
    }

    [LoggerMessage(LogIds.SweepFailed, LogLevel.Error, "The queues of the hub {Hub} could not be swept; it is tried again every second")]
    private partial void LogFailed(string hub, Exception exception);
}
