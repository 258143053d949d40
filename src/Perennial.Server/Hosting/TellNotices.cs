using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Server.Logging;
using Perennial.Server.Notices;

namespace Perennial.Server.Hosting;

/// <summary>Looks for news every minute, and sends what is due every second while there are webhooks; a failure is told once and tried again.</summary>
internal sealed partial class TellNotices(FindNews find, DeliverNotices deliver, ILogger<TellNotices> logger, TimeProvider time) : BackgroundService
{
    private const int RoundsPerLook = 60;

    public static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Round, time);
        try
        {
            for (var round = 0; await timer.WaitForNextTickAsync(stoppingToken); round++)
            {
                await TellAsync(round % RoundsPerLook == 0, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task TellAsync(bool looks, CancellationToken stoppingToken)
    {
        try
        {
            if (looks)
            {
                await find.RunAsync(stoppingToken);
            }

            foreach (var delivery in await deliver.RunAsync(stoppingToken))
            {
                Log(delivery);
            }

            _isFailing = false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (!_isFailing)
            {
                LogFailed(exception);
            }

            _isFailing = true;
        }
    }

    private void Log(Delivery delivery)
    {
        if (delivery.State == DeliveryState.GivenUp)
        {
            LogGivenUp(delivery.Notice.Id, delivery.Webhook, delivery.Tries, delivery.Fault);
        }
        else if (delivery is { State: DeliveryState.Waiting, Tries: 1 })
        {
            LogNotTaken(delivery.Notice.Id, delivery.Webhook, delivery.Fault);
        }
    }

    [LoggerMessage(LogIds.NoticeNotTaken, LogLevel.Warning, "The webhook '{Webhook}' did not take the notice {Notice}: {Fault} It is tried again")]
    private partial void LogNotTaken(string notice, string webhook, string? fault);

    [LoggerMessage(LogIds.NoticeGivenUp, LogLevel.Error, "The webhook '{Webhook}' did not take the notice {Notice} in {Tries} tries, and gets it no more: {Fault}")]
    private partial void LogGivenUp(string notice, string webhook, int tries, string? fault);

    [LoggerMessage(LogIds.NoticesFailed, LogLevel.Error, "Notices to webhooks could not be found or sent; it is tried again every second")]
    private partial void LogFailed(Exception exception);
}
