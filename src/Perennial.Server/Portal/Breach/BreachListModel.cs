using Perennial.Provisioning.Blocks;
using Perennial.Rolling.Breaches;

namespace Perennial.Server.Portal.Breach;

/// <summary>What the page of breaches shows.</summary>
public sealed record BreachListModel
{
    public required IReadOnlyList<BreachCase> Breaches { get; init; }

    /// <summary>Where the next breaches begin; null when these are all.</summary>
    public string? NextBreaches { get; init; }

    /// <summary>The first of what is blocked.</summary>
    public required IReadOnlyList<Block> Blocks { get; init; }

    /// <summary>Where the next ones begin; null when these are all.</summary>
    public string? Next { get; init; }

    public required DateTimeOffset Now { get; init; }

    public bool MayChange { get; init; }

    public string? Done { get; init; }

    public string? Fault { get; init; }

    /// <summary>What was typed.</summary>
    public string? Name { get; init; }

    public string? Reason { get; init; }

    public BreachProcedure Procedure { get; init; }
}
