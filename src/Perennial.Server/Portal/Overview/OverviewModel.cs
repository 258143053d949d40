using Perennial.Rolling.Forecasts;
using Perennial.Server.Fleet;

namespace Perennial.Server.Portal.Overview;

/// <summary>What the overview shows.</summary>
public sealed record OverviewModel
{
    public required string IdScope { get; init; }

    public required IReadOnlyList<EndpointLine> Endpoints { get; init; }

    public required string RootThumbprint { get; init; }

    /// <summary>Issuers whose root was made on this server.</summary>
    public required IReadOnlyList<string> TestingIssuers { get; init; }

    /// <summary>Empty until the first count is done.</summary>
    public required IReadOnlyList<StateFigure> States { get; init; }

    /// <summary>When states and weeks were counted; null until the first count is done.</summary>
    public required DateTimeOffset? CountedAt { get; init; }

    public required IReadOnlyList<ExpiryWeek> Weeks { get; init; }

    public required IReadOnlyList<RefusalLine> Refusals { get; init; }

    /// <summary>Rolls that are not over.</summary>
    public required IReadOnlyList<RollLine> Rolls { get; init; }

    /// <summary>Who would be refused on the day that was asked for; null when none was.</summary>
    public ExpiryForecast? Expiry { get; init; }

    public required DateTimeOffset Now { get; init; }
}
