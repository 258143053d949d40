namespace Perennial.Rolling.Rehearsals;

/// <summary>A device in a rehearsal.</summary>
internal sealed class VirtualDevice(RehearsedDevice seen, DateTimeOffset origin)
{
    public RehearsedDevice Seen { get; } = seen;

    public int? Wave { get; set; }

    public DateTimeOffset? Offered { get; set; }

    /// <summary>The beginning of its window; null until it was told.</summary>
    public DateTimeOffset? Opens { get; set; }

    public bool IsSent { get; set; }

    public string? Failure { get; set; }

    public bool IsMoved { get; set; } = seen.IsMoved;

    /// <summary>Whether what it holds the overlap open for has ended.</summary>
    public bool IsEnded { get; set; }

    public bool IsRetired { get; set; }

    public bool IsRefused { get; set; }

    public bool IsLost { get; set; }

    /// <summary>Why it did not follow its offer; null while it may, or when it did.</summary>
    public Miss? Miss { get; set; }

    /// <summary>The window that it was told.</summary>
    public (DateTimeOffset NotBefore, DateTimeOffset NotAfter) Window { get; set; }

    /// <summary>When it holds the overlap open no longer, whatever becomes of it; null when that is not known.</summary>
    public DateTimeOffset? HoldsUntil => Seen.HoldsUntil ?? Seen.LeafEnd;

    public bool HoldsOpen => !IsMoved && !IsEnded && !Seen.IsWaived;

    /// <summary>The last moment at which it is accepted with what it has; null when that is not known, or it is refused now.</summary>
    public DateTimeOffset? AccessEnd => Seen.LeafEnd is { } leaf && Seen.Prospect?.OldEnd is { } chain && chain < leaf ? chain : Seen.LeafEnd;

    public DateTimeOffset NextContact(DateTimeOffset after) => Seen.Rhythm.Next(origin, after);

    /// <summary>Whether it has not been heard of since a moment.</summary>
    public bool IsSilentSince(DateTimeOffset since, DateTimeOffset now) =>
        !Seen.IsConnected && (Seen.IsGone ? Seen.Seen is not { } last || last <= since : Seen.Rhythm.Last(origin, now) <= since);
}
