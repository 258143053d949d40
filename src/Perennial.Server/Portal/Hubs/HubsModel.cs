namespace Perennial.Server.Portal.Hubs;

/// <summary>What the list of hubs shows.</summary>
public sealed record HubsModel
{
    public required IReadOnlyList<HubLine> Hubs { get; init; }

    /// <summary>How devices are given to hubs when their enrollment says nothing of it.</summary>
    public required string Policy { get; init; }

    public bool MayChange { get; init; }

    public string? Done { get; init; }

    /// <summary>Why a hub was not linked.</summary>
    public string? Fault { get; init; }
}
