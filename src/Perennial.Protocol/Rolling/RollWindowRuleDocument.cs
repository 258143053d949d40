namespace Perennial.Protocol.Rolling;

/// <summary>When devices may be touched, each week.</summary>
public sealed record RollWindowRuleDocument
{
    /// <summary>The days on which it begins, in English, for instance <c>saturday</c>.</summary>
    public required IReadOnlyList<string> Days { get; init; }

    /// <summary>When it begins, <c>HH:mm</c>.</summary>
    public required string From { get; init; }

    /// <summary>When it ends, <c>HH:mm</c>; not after <see cref="From"/> means on the next day.</summary>
    public required string Until { get; init; }

    /// <summary>The time zone, for instance <c>Europe/Berlin</c>.</summary>
    public required string TimeZone { get; init; }
}
