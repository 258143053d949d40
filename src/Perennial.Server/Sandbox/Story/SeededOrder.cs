namespace Perennial.Server.Sandbox.Story;

/// <summary>The seeded chance of a run: the order of the devices and their rhythm, the same for the same seed. Never for keys.</summary>
internal sealed class SeededOrder(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>The items in an order of this run's own.</summary>
    public IReadOnlyList<T> Shuffle<T>(IReadOnlyList<T> items)
    {
        var shuffled = items.ToArray();
        _random.Shuffle(shuffled);
        return shuffled;
    }

    /// <summary>A time up to a fifth off the given one, to either side.</summary>
    public TimeSpan About(TimeSpan time) => time * (0.8 + (0.4 * _random.NextDouble()));

    /// <summary>A time between zero and the given one.</summary>
    public TimeSpan Within(TimeSpan time) => time * _random.NextDouble();
}
