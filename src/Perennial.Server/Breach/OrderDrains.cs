using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Rolling.Drains;
using Perennial.Server.Logging;
using Perennial.Server.Storage;

namespace Perennial.Server.Breach;

/// <summary>Looks every second whether a drain waits for its order.</summary>
internal sealed partial class OrderDrains(OrderDrain order, ILogger<OrderDrains> logger, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

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
            await order.RunAsync(cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            // The next look finds it again.
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception);
        }
    }

    [LoggerMessage(LogIds.DrainNotOrdered, LogLevel.Error, "The devices of a drain could not be put in order; it is tried again within a second, and until then none of them obtains a certificate")]
    private partial void LogFailed(Exception exception);
}
