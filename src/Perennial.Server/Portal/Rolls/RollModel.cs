using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal.Rolls;

/// <summary>What the page of one roll shows.</summary>
public sealed record RollModel
{
    public required Roll Roll { get; init; }

    public required RollProgress Progress { get; init; }

    public required RollForecast Forecast { get; init; }

    public required IReadOnlyList<RollWave> Waves { get; init; }

    /// <summary>For what it waits; null when it does not.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>A page of those for whose sake the old certificate has to stay, or of all devices.</summary>
    public required IReadOnlyList<RollDevice> Devices { get; init; }

    /// <summary>Where the next page of devices begins; null at the end.</summary>
    public string? NextDevice { get; init; }

    public required PortalAddressQuery Query { get; init; }

    /// <summary>Latest first.</summary>
    public IReadOnlyList<RollEvent> History { get; init; } = [];

    /// <summary>Its last rehearsal; null for none.</summary>
    public Rehearsal? Rehearsal { get; init; }

    /// <summary>What it would do to take the old certificate out now; null when that was not asked for.</summary>
    public RollPreview? Preview { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required bool MayChange { get; init; }

    public string? Done { get; init; }

    public string? Fault { get; init; }

    public string Path => RollPaths.Of(Roll.Id);

    public bool CanGoBack => Roll.Kind != RollKind.IssuingCa
        && Roll is { Started: not null, IsBack: false, State: RollState.Running or RollState.Paused or RollState.Aborted } or { IsBack: true, State: RollState.Aborted };

    /// <summary>Which certificate has to stay for the sake of devices that use it.</summary>
    public string Leaving => Roll.IsBack ? "the new certificate" : "the old certificate";

    public bool ShowsAll => Query["devices"] == "all";

    /// <summary>Whether a draft may still become something else.</summary>
    public bool HasBegun => Roll.Started is not null;
}
