using Perennial.X509;

namespace Perennial.Rolling.Rehearsals;

/// <summary>A device of a roll with what storage has of it.</summary>
public sealed record SeenMember
{
    /// <summary>The registration id in lower case.</summary>
    public required string Device { get; init; }

    /// <summary>The leaf, or the signing certificate, that is to be retired.</summary>
    public required Thumbprint Old { get; init; }

    /// <summary>Names the class of its chain; null when no chain was accepted.</summary>
    public string? Shape { get; init; }

    public DateTimeOffset? LeafEnd { get; init; }

    /// <summary>Whether an identity of a hub follows its enrollment.</summary>
    public bool IsFollowed { get; init; }

    public DateTimeOffset? Seen { get; init; }

    public bool IsMoved { get; init; }

    public bool IsWaived { get; init; }

    /// <summary>When it was seen, the last few times, in order.</summary>
    public IReadOnlyList<DateTimeOffset> Contacts { get; init; } = [];
}
