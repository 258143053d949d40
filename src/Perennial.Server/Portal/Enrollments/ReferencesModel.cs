namespace Perennial.Server.Portal.Enrollments;

/// <summary>The CA certificates that a group refers to, and those that it could.</summary>
public sealed record ReferencesModel
{
    /// <summary>Names that can be chosen.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The name in the primary slot, or the one that is asked for.</summary>
    public required string? Primary { get; init; }

    /// <summary>The name in the secondary slot, or the one that is asked for.</summary>
    public required string? Secondary { get; init; }

    /// <summary>What saving it would do, when that was asked for and somebody loses access.</summary>
    public ImpactModel? Losing { get; init; }
}
