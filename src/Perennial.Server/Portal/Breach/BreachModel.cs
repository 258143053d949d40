using Perennial.Rolling.Breaches;
using Perennial.Server.Portal.Enrollments;

namespace Perennial.Server.Portal.Breach;

/// <summary>What the page of one breach shows.</summary>
public sealed record BreachModel
{
    public required BreachStanding Standing { get; init; }

    public BreachCase Breach => Standing.Breach;

    /// <summary>What a cut would do; null once it stands.</summary>
    public ImpactModel? Blocking { get; init; }

    /// <summary>What taking the compromised certificate out of the enrollment would do; null when it is not in it, or alone.</summary>
    public ImpactModel? Removing { get; init; }

    /// <summary>The roll that was planned for the breach; null when none was.</summary>
    public string? Roll { get; init; }

    /// <summary>The names under which the compromised authority is uploaded as a CA certificate.</summary>
    public required IReadOnlyList<string> Uploaded { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Hubs of this process that do not ask the enrollment: there the device registers again, or its identity is deleted.</summary>
    public bool HasHubsOfTheirOwn { get; init; }

    public bool MayChange { get; init; }

    public string? Done { get; init; }

    public string? Fault { get; init; }

    public string Path => BreachPaths.Of(Breach.Id);

    public bool IsOpen => Breach.Closed is null;

    /// <summary>Whether what was compromised is blocked, and may still obtain a new certificate.</summary>
    public bool IsDrained => Standing.Block is { IsCut: false };
}
