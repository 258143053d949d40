namespace Perennial.Agent.Tests.EndToEnd;

/// <summary>One served instance for the tests of a class; each has devices of its own.</summary>
public sealed class PerennialFixture : IAsyncLifetime
{
    internal ServedPerennial Served { get; private set; } = null!; // made before the first test

    public async ValueTask InitializeAsync() => Served = await ServedPerennial.StartAsync();

    public ValueTask DisposeAsync() => Served.DisposeAsync();
}
