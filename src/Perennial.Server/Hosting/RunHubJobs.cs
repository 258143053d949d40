using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Server.Hubs;
using Perennial.Server.Logging;

namespace Perennial.Server.Hosting;

/// <summary>Runs the jobs of every hub while the server runs.</summary>
internal sealed partial class RunHubJobs(ServedHubs hubs, ILogger<RunHubJobs> logger, TimeProvider time) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(hubs.All.Select(hub => hub.OpenJobs(exception => LogFailed(hub.Name, exception), time).RunAsync(stoppingToken)));

    [LoggerMessage(LogIds.JobsFailed, LogLevel.Error, "A job of the hub '{Hub}' could not go on; it is tried again within a minute")]
    private partial void LogFailed(string hub, Exception exception);
}
