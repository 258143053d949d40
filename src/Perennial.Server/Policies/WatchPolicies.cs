using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;
using Perennial.Server.Logging;

namespace Perennial.Server.Policies;

/// <summary>Takes up changes that others made to the policy file: the command line, an operator, a restored backup.</summary>
internal sealed partial class WatchPolicies(
    PolicyFile file, LivePolicies live, ServedHubs hubs, ILogger<WatchPolicies> logger, TimeProvider time) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Who is said to have made a change that came by the file.</summary>
    public const string Actor = "service-policies.json";

    private (DateTime Written, long Length) _seen = file.Stamp;

    /// <summary>Looks once.</summary>
    public async Task LookAsync()
    {
        var stamp = file.Stamp;
        if (stamp == _seen)
        {
            return;
        }

        _seen = stamp;
        try
        {
            await live.ApplyAsync(file.Read(), hubs, Actor);
            LogApplied();
        }
        catch (Exception exception)
        {
            LogNotApplied(exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    [LoggerMessage(LogIds.PoliciesApplied, LogLevel.Information, "The access policies were changed; tokens of removed keys are refused from now on")]
    private partial void LogApplied();

    [LoggerMessage(LogIds.PoliciesNotApplied, LogLevel.Error, "The changed access policies cannot be used; the ones before stay in force")]
    private partial void LogNotApplied(Exception exception);
}
