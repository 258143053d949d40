namespace Perennial.Rolling.Rolls;

/// <summary>The devices of the wave that is under way, which were offered the new certificate.</summary>
public sealed record WaveFacts
{
    /// <summary>All of them.</summary>
    public required long Offered { get; init; }

    /// <summary>Those for whose sake the old certificate has not to stay: moved, waived, or over.</summary>
    public required long Done { get; init; }

    /// <summary>Those that are not waived. Limits are shares of them, and what follows counts among them.</summary>
    public required long Watched { get; init; }

    /// <summary>Those that have not moved and failed, by their own word or by the offer.</summary>
    public required long Failed { get; init; }

    /// <summary>Those that were refused after their offer, when they were last seen or within a minute before.</summary>
    public required long Refused { get; init; }

    /// <summary>Those that have not moved, are not connected, and were not seen since an offer as long ago as the plan says; zero when they are too few for a halt.</summary>
    public required long Lost { get; init; }

    /// <summary>The last offer of the wave; null before the first.</summary>
    public DateTimeOffset? LastOffered { get; init; }
}
