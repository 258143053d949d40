using Perennial.Rolling.Rolls;
using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal.Rolls;

/// <summary>What the list of rolls shows.</summary>
public sealed record RollListModel
{
    public required PortalAddressQuery Query { get; init; }

    public required IReadOnlyList<Roll> Rolls { get; init; }

    public required bool HasPrevious { get; init; }

    public required bool HasNext { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required bool MayChange { get; init; }

    public bool IsFiltered => Query["state"] is not null;

    public string? First => HasPrevious ? Query.With(("after", null), ("before", null)).ToString() : null;

    public string? Previous => HasPrevious && Rolls.Count > 0 ? Query.With(("after", null), ("before", Rolls[0].Id)).ToString() : null;

    public string? Next => HasNext && Rolls.Count > 0 ? Query.With(("before", null), ("after", Rolls[^1].Id)).ToString() : null;
}
