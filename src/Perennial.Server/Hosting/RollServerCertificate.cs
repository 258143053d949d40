using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Server.Connections;
using Perennial.Server.Logging;

namespace Perennial.Server.Hosting;

/// <summary>Looks every hour whether the server's certificate is to be rolled; a failure is told and tried again.</summary>
internal sealed partial class RollServerCertificate(ServerCertificate certificate, ILogger<RollServerCertificate> logger, TimeProvider time)
    : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await TickAsync(timer, stoppingToken))
        {
            try
            {
                if (certificate.Roll())
                {
                    LogRolled();
                }
            }
            catch (Exception exception)
            {
                LogNotRolled(exception);
            }
        }
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(LogIds.CertificateRolled, LogLevel.Information, "The server certificate was rolled; new connections see the new one")]
    private partial void LogRolled();

    [LoggerMessage(LogIds.CertificateNotRolled, LogLevel.Error, "The server certificate could not be rolled; the old one stays")]
    private partial void LogNotRolled(Exception exception);
}
