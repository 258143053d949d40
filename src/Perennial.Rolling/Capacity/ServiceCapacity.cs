namespace Perennial.Rolling.Capacity;

/// <summary>What the service was measured to bear; null where it was not.</summary>
public sealed record ServiceCapacity
{
    public static ServiceCapacity Unknown { get; } = new();

    /// <summary>Certificates that the slowest of the issuing authorities signs.</summary>
    public CapacityFigure? Authority { get; init; }

    /// <summary>Registrations.</summary>
    public CapacityFigure? Provisioning { get; init; }

    /// <summary>Connections of devices to hubs.</summary>
    public CapacityFigure? Hub { get; init; }

    /// <summary>The smallest figure of what a roll needs; null when none of it was measured.</summary>
    /// <param name="issues">Whether its devices may obtain their certificates of the authority.</param>
    public int? SmallestFor(bool issues)
    {
        var needed = new[] { issues ? Authority : null, Provisioning, Hub }.OfType<CapacityFigure>().ToList();
        return needed.Count == 0 ? null : needed.Min(figure => figure.PerMinute);
    }
}
