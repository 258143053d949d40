using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal.Trail;

/// <summary>What the list of the audit trail shows.</summary>
public sealed record TrailModel
{
    public required PortalAddressQuery Query { get; init; }

    /// <summary>Latest first.</summary>
    public required IReadOnlyList<TrailLine> Lines { get; init; }

    /// <summary>The page of earlier entries; null at the end.</summary>
    public required string? Next { get; init; }

    /// <summary>What checking the chain found; null when it was not asked for.</summary>
    public VerdictModel? Verdict { get; init; }

    public required DateTimeOffset Now { get; init; }

    public bool IsFiltered => TrailPages.Filters.Any(name => Query[name] is not null);
}
