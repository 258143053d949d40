namespace Perennial.Rolling.Rolls;

/// <summary>A device of a roll, with what was seen of it.</summary>
public sealed record RollDevice
{
    /// <summary>The registration id.</summary>
    public required string Device { get; init; }

    /// <summary>The wave that it is offered the new certificate in; null when it is in none yet.</summary>
    public int? Wave { get; init; }

    /// <summary>When it was told; null when it was not yet.</summary>
    public DateTimeOffset? Offered { get; init; }

    /// <summary>Whether its last accepted sighting was by the new certificate: nothing else moves a device.</summary>
    public bool IsMoved { get; init; }

    /// <summary>Whether the old certificate of the device is over by itself.</summary>
    public bool IsEnded { get; init; }

    /// <summary>Why an operator holds up the retirement for it no longer; null when it does.</summary>
    public string? Waiver { get; init; }

    /// <summary>What failed, by its own word or by the offer.</summary>
    public string? Failure { get; init; }

    /// <summary>When it was last seen, accepted or refused; null for never.</summary>
    public DateTimeOffset? Seen { get; init; }

    /// <summary>Whether it was refused when it was last seen.</summary>
    public bool IsRefused { get; init; }

    /// <summary>The end of the leaf that it was last accepted with.</summary>
    public DateTimeOffset? LeafEnd { get; init; }

    /// <summary>Whether the old certificate has to stay for its sake.</summary>
    public bool HoldsOpen => !IsMoved && !IsEnded && Waiver is null;
}
