namespace Perennial.Protocol.Rolling;

/// <summary>The devices of a group, or those of all individual enrollments.</summary>
public sealed record ExpiryPartDocument
{
    /// <summary>The group; left out for individual enrollments.</summary>
    public string? EnrollmentGroupId { get; init; }

    /// <summary>Devices that are accepted now.</summary>
    public required long Devices { get; init; }

    /// <summary>Those whose own certificate will have ended.</summary>
    public required long LeafEnded { get; init; }

    /// <summary>Those whose certificate will be valid, below one that has ended.</summary>
    public required long AuthorityEnded { get; init; }
}
