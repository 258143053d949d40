using Perennial.Bench.Fleets;

namespace Perennial.Fleet.Tests;

/// <summary>What the machine bears, by which fleets are told to roll.</summary>
public sealed class MeasuredMachine : IAsyncLifetime
{
    public double HandshakesPerSecond { get; private set; }

    public async ValueTask InitializeAsync() => HandshakesPerSecond = await BareLimit.MeasureAsync(TimeProvider.System);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
