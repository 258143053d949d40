using System.Globalization;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Story;

namespace Perennial.Bench.Fleets;

/// <summary>The devices of a scenario, with the certificates that they begin with.</summary>
internal sealed class SimulatedFleet : IAsyncDisposable
{
    private const int Together = 32;

    private readonly IReadOnlyList<DeviceCredential> _first;

    private SimulatedFleet(FleetScenario scenario, IReadOnlyList<string> ids, IReadOnlyList<DeviceCredential> first, IFleetTrust trust, FleetSurroundings surroundings)
    {
        Scenario = scenario;
        Surroundings = surroundings;
        _first = first;
        All = [.. ids.Select((id, i) => new SandboxDevice(id, first[i], surroundings, scenario.BreaksFirst)
        {
            Obtain = (device, stop) => scenario.IsBad ? ValueTask.FromResult(trust.Stranger(device.Id)) : trust.NextAsync(device, stop),
        })];
    }

    public FleetScenario Scenario { get; }

    public FleetSurroundings Surroundings { get; }

    public IReadOnlyList<SandboxDevice> All { get; }

    public static async Task<SimulatedFleet> CreateAsync(
        FleetScenario scenario, IReadOnlyList<string> ids, IFleetTrust trust, FleetSurroundings surroundings, CancellationToken cancellationToken)
    {
        var first = await trust.FirstAsync(ids, cancellationToken);
        return new SimulatedFleet(scenario, ids, first, trust, surroundings);
    }

    public static IReadOnlyList<string> Names(int count) =>
        [.. Enumerable.Range(1, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"device-{number:00000}"))];

    /// <summary>Provisions and connects every device; each sends telemetry from then on.</summary>
    public async Task StartAsync(SeededOrder order, CancellationToken cancellationToken)
    {
        var rhythms = All.ToDictionary(device => device, _ => (First: order.Within(Scenario.Rhythm), Next: order.About(Scenario.Rhythm)));
        await EachAsync(All, async device =>
        {
            if (!await device.StartAsync(rhythms[device].First, rhythms[device].Next, cancellationToken))
            {
                throw new InvalidOperationException($"{device.Id} did not connect: {Refusals()}.");
            }
        });
    }

    /// <summary>What the device showed before it rolled.</summary>
    public DeviceCredential Before(int device) => _first[device];

    public static Task EachAsync(IEnumerable<SandboxDevice> devices, Func<SandboxDevice, Task> act) => Parallel.ForEachAsync(
        devices, new ParallelOptions { MaxDegreeOfParallelism = Together }, async (device, _) => await act(device));

    public string Refusals() => string.Join(", ", Surroundings.Refusals.ByReason().Select(refusal => $"{refusal.Key}: {refusal.Value}"));

    public async ValueTask DisposeAsync() => await Task.WhenAll(All.Select(device => device.DisposeAsync().AsTask()));
}
