using Perennial.Rolling.Sightings;
using Perennial.Server.Portal.Layout;
using Perennial.X509;

namespace Perennial.Server.Portal.Refusals;

/// <summary>What the list of refusals shows.</summary>
public sealed record RefusalListModel
{
    public required PortalAddressQuery Query { get; init; }

    /// <summary>Latest first.</summary>
    public required IReadOnlyList<SightingRecord> Refusals { get; init; }

    /// <summary>The page of earlier ones; null when there are none.</summary>
    public required string? Next { get; init; }

    /// <summary>Every reason that there is, to filter by.</summary>
    public required IReadOnlyList<RefusalReason> Reasons { get; init; }

    /// <summary>What was refused within the last hour, the most frequent first, refusals without a device included.</summary>
    public required IReadOnlyList<KeyValuePair<RefusalReason, long>> LastHour { get; init; }

    public required DateTimeOffset Now { get; init; }

    public bool IsFirst => Query["before"] is null;

    /// <summary>Where the live part fetches itself.</summary>
    public string LivePath => RefusalPages.LivePath + (Query["reason"] is { } reason ? $"?reason={Uri.EscapeDataString(reason)}" : string.Empty);
}
