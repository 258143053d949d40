namespace Perennial.Server.Fleet;

/// <summary>The figures as they were counted last: pages show them without counting.</summary>
internal sealed class LatestFigures
{
    private volatile FleetFigures? _figures;

    /// <summary>Null until the first count is done.</summary>
    public FleetFigures? Value
    {
        get => _figures;
        set => _figures = value;
    }
}
