using Perennial.Bench.Servers;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Story;

namespace Perennial.Bench.Fleets;

/// <summary>Kills the server, once in each step of a roll and within a moment of it, and starts it again.</summary>
internal sealed class ServerKills(PerennialServer server, FleetSurroundings surroundings, SeededOrder order, bool isOn)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(700);

    private readonly HashSet<string> _steps = new(StringComparer.Ordinal);

    /// <summary>The steps in which it was killed.</summary>
    public IReadOnlyCollection<string> Steps => _steps;

    public Task InAsync(string step, CancellationToken cancellationToken) => InAsync(step, Moment, cancellationToken);

    /// <returns>Once the server is ready again; at once when it was killed in this step before.</returns>
    public async Task InAsync(string step, TimeSpan within, CancellationToken cancellationToken)
    {
        if (!isOn || !_steps.Add(step))
        {
            return;
        }

        await Task.Delay(order.Within(within), surroundings.Time, cancellationToken);
        surroundings.Outages.Begin();
        await server.CrashAsync();
        surroundings.Outages.End();
    }
}
