using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Server.Hubs;
using Perennial.Server.Logging;
using Perennial.Server.Storage;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Issuance;

/// <summary>Drops live connections by credentials that were revoked or blocked, whoever did it: this process or a command beside it.</summary>
internal sealed partial class WatchRevocations(
    RevocationStore revocations, ServedHubs hubs, ILogger<WatchRevocations> logger, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private long? _seen;

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        long stamp;
        try
        {
            stamp = await revocations.StampAsync(cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            return;
        }

        if (_seen != stamp && _seen is not null)
        {
            foreach (var hub in hubs.All)
            {
                await hub.Reconsider.AllAsync(cancellationToken);
            }

            LogApplied();
        }

        _seen = stamp;
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

    [LoggerMessage(LogIds.RevocationsApplied, LogLevel.Information, "Credentials were revoked or blocked; connections by them are dropped")]
    private partial void LogApplied();
}
