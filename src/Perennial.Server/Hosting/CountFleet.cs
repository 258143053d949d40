using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Rolling.Fleet;
using Perennial.Server.Fleet;
using Perennial.Server.Logging;
using Perennial.Server.Metrics;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Hosting;

/// <summary>
/// Counts devices by state and the ends of certificates, so that a page counts nothing. It pauses a minute, and twenty times as long as counting took, so
/// that it takes at most a twentieth of one processor. A failure is told once and tried again.
/// </summary>
internal sealed partial class CountFleet(FleetStore fleet, LatestFigures latest, Measures measures, ILogger<CountFleet> logger, TimeProvider time) : BackgroundService
{
    private const int Rest = 20;

    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);

    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var started = time.GetTimestamp();
                await CountAsync(stoppingToken);
                var rest = time.GetElapsedTime(started) * Rest;
                await Task.Delay(rest > Least ? rest : Least, time, stoppingToken);
            }
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
            while (await fleet.NoteGroupsAsync(stoppingToken))
            {
                // Rows of an older version, some at a time.
            }

            var now = time.GetUtcNow();
            var states = new Dictionary<DeviceState, long>();
            await AddAsync(states, (after, cancellationToken) => fleet.CountIndividualsAsync(after, now, cancellationToken), stoppingToken);
            await AddAsync(states, (after, cancellationToken) => fleet.CountMembersAsync(after, now, cancellationToken), stoppingToken);
            latest.Value = new FleetFigures { At = now, States = states, Weeks = await fleet.CountWeeksAsync(now, stoppingToken) };
            measures.States = [.. Enum.GetValues<DeviceState>().Select(state => (Word(state), states.GetValueOrDefault(state)))];
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

    private static string Word(DeviceState state) => state switch
    {
        DeviceState.Healthy => "healthy",
        DeviceState.Rolling => "rolling",
        DeviceState.Overdue => "overdue",
        DeviceState.Expired => "expired",
        DeviceState.Blocked => "blocked",
        DeviceState.NeverSeen => "never_seen",
        _ => throw new InvalidOperationException($"Unknown state {state}."),
    };

    private static async Task AddAsync(
        Dictionary<DeviceState, long> states, Func<string, CancellationToken, Task<FleetPart>> count, CancellationToken cancellationToken)
    {
        for (var after = string.Empty; after is not null;)
        {
            var part = await count(after, cancellationToken);
            foreach (var (state, devices) in part.States)
            {
                states[state] = states.GetValueOrDefault(state) + devices;
            }

            after = part.Next;
        }
    }

    [LoggerMessage(LogIds.FleetNotCounted, LogLevel.Error, "Devices could not be counted by state; it is tried again")]
    private partial void LogFailed(Exception exception);
}
