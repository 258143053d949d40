using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Server.Logging;
using Perennial.Server.Metrics;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Hosting;

/// <summary>Counts every minute which certificates end soon, so that a scrape asks no database; a failure is told once and tried again.</summary>
internal sealed partial class CountExpiring(ExpiryStore expiry, Measures measures, ILogger<CountExpiring> logger, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await CountAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task CountAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await expiry.NoteUndatedAsync(stoppingToken))
            {
                // Certificates that an older version stored get their date, some at a time.
            }

            measures.Expiry = await expiry.CountAsync(time.GetUtcNow(), stoppingToken);
            _isFailing = false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            measures.Expiry = [];
            if (!_isFailing)
            {
                LogFailed(exception);
            }

            _isFailing = true;
        }
    }

    [LoggerMessage(LogIds.ExpiryNotCounted, LogLevel.Error, "Which certificates end soon could not be counted; it is tried again every minute")]
    private partial void LogFailed(Exception exception);
}
